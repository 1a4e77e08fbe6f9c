import { describe, expect, it } from 'vitest';
import { maskSource } from './mask-source.ts';
import { scanImports } from './scan-imports.ts';

const scan = (text: string) => scanImports(text, maskSource(text)).map(({ specifier }) => specifier);

describe('scanImports', () => {
  it('finds every form', () => {
    const text = `
      import a from './a.ts';
      import { b, type B } from "./b.ts";
      import {
        c,
      } from './c.ts';
      import * as d from './d.ts';
      import './e.ts';
      export * from './f.ts';
      export type { G } from './g.ts';
      const h = await import('./h.ts');
      const i = require('./i.ts');
    `;
    expect(scan(text).sort()).toEqual('abcdefghi'.split('').map((letter) => `./${letter}.ts`));
  });

  it('tells type-only imports', () => {
    const text = "import type { A } from './a.ts';\nimport { type B } from './b.ts';\nimport type from './c.ts';";
    expect(scanImports(text, maskSource(text)).map(({ isTypeOnly }) => isTypeOnly)).toEqual([true, false, false]);
  });

  it('does not find imports in comments, strings, templates and regular expressions', () => {
    const quote = '`';
    const text = `
      // import a from './a.ts';
      /* import a from './a.ts'; */
      const b = "import c from './c.ts'";
      const d = ${quote}
        import e from './e.ts';
        \${f(${quote}import './g.ts'${quote})}
      ${quote};
      const h = /['"${quote}]/;
      import i from './i.ts';
    `;
    expect(scan(text)).toEqual(['./i.ts']);
  });

  it('is not led astray by apostrophes in JSX text or by division', () => {
    expect(scan("const a = <p>don't</p>;\nconst b = c / d / e;\nimport './a.ts';")).toEqual(['./a.ts']);
  });

  it('does not take a method or a word for a statement', () => {
    expect(scan("export const from = 'a';\nobject.import('./b.ts');\nconst exported = from('c');")).toEqual([]);
  });
});

describe('maskSource', () => {
  it('keeps every position and line', () => {
    const open = '$' + '{';
    const text = `const a = 'x\\'y'; // b\n/* c\n */ const d = \`e${open}f({ g: \`h\` })}i\`;`;
    const masked = maskSource(text);
    expect(masked).toHaveLength(text.length);
    expect(masked.split('\n')).toHaveLength(3);
    expect(masked).toContain('f({ g:');
    expect(masked).not.toMatch(/x|b|e\$|h|i`/);
  });
});
