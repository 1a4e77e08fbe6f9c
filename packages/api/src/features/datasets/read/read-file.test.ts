import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DatasetLimits, datasetLimits } from './dataset-limits.ts';
import { guessMapping } from './map-record.ts';
import { type FileFormat, readFile } from './read-file.ts';
import { ItemReader } from './read-items.ts';

const read = async (
  content: string | Buffer,
  format: FileFormat = 'csv',
  limits: Partial<DatasetLimits> = {},
  size = 7,
) => {
  const bytes = Buffer.from(content as string);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const rows: unknown[] = [];
  const problems: string[] = [];
  let names: readonly string[] = [];
  for await (const record of readFile(pieces, format, { ...datasetLimits, ...limits })) {
    if (record.type === 'columns') names = record.names;
    else if (record.type === 'problem') problems.push(`${record.line}: ${record.message}`);
    else rows.push([record.line, ...record.values.values()]);
  }
  return { names, rows, problems };
};

const items = async (
  content: string | Buffer,
  format: FileFormat,
  mapping?: object,
  limits: Partial<DatasetLimits> = {},
) => {
  const reader = new ItemReader({ ...datasetLimits, ...limits }, mapping);
  const entries: unknown[] = [];
  for await (const entry of reader.read([Buffer.from(content as string)], format)) entries.push(entry);
  return { entries, reader };
};

describe('CSV', () => {
  test('with byte order mark, CRLF, quoted line ends and doubled quotes is read with the lines where records begin', async () => {
    const file = '\ufeffinput,expected\r\n"two\r\nlines, one ""value""",x\r\n\r\nplain,"y"\r\n';
    expect(await read(file)).toEqual({
      names: ['input', 'expected'],
      rows: [
        [2, 'two\r\nlines, one "value"', 'x'],
        [5, 'plain', 'y'],
      ],
      problems: [],
    });
  });

  test.each([';', '\t', '|'])('finds out that values are separated by %j', async (delimiter) => {
    const file = `input${delimiter}b${delimiter}"c, d"\nx,y${delimiter}1${delimiter}2`;
    expect(await read(file)).toMatchObject({ names: ['input', 'b', 'c, d'], rows: [[2, 'x,y', '1', '2']] });
  });

  test('keeps columns whose names come twice or are empty', async () => {
    expect((await read('a,a,,a (2)\n1,2,3,4')).names).toEqual(['a', 'a (2)', 'column 3', 'a (2) (2)']);
  });

  test('tells each line that cannot be used, and reads on behind it', async () => {
    const { rows, problems } = await read('a,b\n1\n1,2,3\nx"y,2\n"q"z,2\n5,6\n"open,7\n8,9');
    expect(rows).toEqual([[6, '5', '6']]);
    expect(problems.map((each) => each.slice(0, 22))).toEqual([
      '2: It has 1 values, bu',
      '3: It has 3 values, bu',
      '4: There is a quotatio',
      '5: Something stands be',
      '7: A quotation mark is',
    ]);
  });

  test('a record without end takes no memory without end', async () => {
    const { problems } = await read(`a\n"${'x'.repeat(5_000)}`, 'csv', { longestRecord: 1_000 });
    expect(problems).toEqual(['2: It has more than 1000 characters.']);
  });

  test('what is written is read again, wherever the bytes are cut', async () => {
    const value = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '😀', ';'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        async (table, size) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const file = ['a,b', ...table.map((row) => row.map(quoted).join(','))].join('\n');
          const { rows, problems } = await read(file, 'csv', {}, size);
          expect(problems).toEqual([]);
          expect(rows.map((row) => (row as unknown[]).slice(1))).toEqual(table);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('never throws but for what it says it throws, on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('csv', 'jsonl'), async (bytes, format) => {
        await read(Buffer.from(bytes), format as FileFormat).catch((error: Error) =>
          expect(error.name).toBe('UnusableFile'),
        );
      }),
    );
  });
});

describe('JSONL', () => {
  test('is read line by line; what is no object is told with its line', async () => {
    const { names, rows, problems } = await read(
      '{"input":"a"}\r\n\n[1]\n{"input":\n{"input":"b","more":{"x":1}}',
      'jsonl',
    );
    expect(names).toEqual(['input', 'more']);
    expect(rows).toEqual([
      [1, 'a'],
      [5, 'b', { x: 1 }],
    ]);
    expect(problems[0]).toBe('3: It is not a JSON object.');
    expect(problems[1]).toMatch(/^4: It is not JSON/);
  });

  test('lines that are too long and files with too many names are told', async () => {
    const long = await read(`{"a":"${'x'.repeat(500)}"}\n{"a":1}`, 'jsonl', { longestRecord: 100 });
    expect(long).toMatchObject({ rows: [[2, 1]], problems: ['1: It has more than 100 characters.'] });
    const wide = await read('{"a":1}\n{"b":1}\n{"c":1}', 'jsonl', { mostColumns: 2 });
    expect(wide.problems).toEqual(['3: There may be 2 names in a file at the most.']);
  });
});

describe('bytes', () => {
  test('that are no UTF-8 are told by line; a replacement character that was meant is kept', async () => {
    const file = Buffer.concat([
      Buffer.from('input\nfine \ufffd\n'),
      Buffer.from([0xc3, 0x28, 0x0a]),
      Buffer.from('last\n'),
    ]);
    const broken = await items(file, 'csv');
    expect(broken.reader.problems).toEqual([
      expect.objectContaining({ line: 2 }),
      { line: 3, message: 'It holds bytes that are no UTF-8; save the file as UTF-8.' },
    ]);
    const kept = await items('input\nfine \ufffd\n', 'csv');
    expect(kept.entries).toMatchObject([{ input: 'fine \ufffd' }]);
  });

  test('in UTF-16 or beyond the size refuse the file', async () => {
    await expect(read(Buffer.from('\ufeffa', 'utf16le'))).rejects.toThrow('UTF-16');
    await expect(read('a\n1\n2\n3', 'csv', { mostBytes: 5 })).rejects.toThrow('split it into several');
  });

  test('of twelve megabytes are read without being held', async () => {
    const line = Buffer.from(`"${'text with, comma '.repeat(20)}",answer\n`);
    function* source() {
      yield Buffer.from('input,expected\n');
      for (let sent = 0; sent < 12_000_000; sent += line.length * 100)
        yield Buffer.concat(Array.from({ length: 100 }, () => line));
    }
    let count = 0;
    for await (const record of readFile(source(), 'csv', datasetLimits)) if (record.type === 'record') count += 1;
    expect(count).toBe(Math.ceil(12_000_000 / (line.length * 100)) * 100);
  });
});

describe('items', () => {
  test('get what the columns suggest, all other columns as fields, and the same key for the same input', async () => {
    const { entries, reader } = await items('Prompt,Answer,topic\nq1,a1,x\nq2,,y\nq1,a3,z', 'csv');
    expect(reader.fieldNames).toEqual(['topic']);
    expect(entries).toMatchObject([
      { input: 'q1', expected: 'a1', fields: { topic: 'x' }, line: 2 },
      { input: 'q2', expected: undefined },
      { input: 'q1', expected: 'a3' },
    ]);
    const [first, , third] = entries as { key: string }[];
    expect(third!.key).toBe(`${first!.key}-2`);
    expect(guessMapping(['only'])).toEqual({ input: 'only' });
  });

  test('that ask the same a hundred thousand times are named in no time', async () => {
    const { entries } = await items(`input\n${'same\n'.repeat(100_000)}`, 'csv');
    expect(new Set((entries as { key: string }[]).map(({ key }) => key)).size).toBe(100_000);
  });

  test('are told by line when they are empty, too long, not storable or have a key twice', async () => {
    const file =
      '{"id":"a","input":"x"}\n{"id":"a","input":"y"}\n{"id":"b"}\n{"input":"n\\u0000l"}\n{"input":"x","m":["\\ud800"]}\n{"input":"12345678901"}\n{"input":"z","split":"a b"}';
    const { reader, entries } = await items(file, 'jsonl', undefined, { longestText: 10 });
    expect(entries).toHaveLength(1);
    expect(reader.problems.map(({ line, message }) => `${line} ${message.slice(0, 20)}`)).toEqual([
      '2 The key "a" is that ',
      '3 The column "input" i',
      '4 It holds a NUL or ha',
      '5 It holds a NUL or ha',
      '6 A text may have 10 c',
      '7 The name of a split ',
    ]);
  });

  test('of a file without an input, without anything or with too many are refused as a whole', async () => {
    await expect(items('a,b\n1,2', 'csv')).rejects.toThrow('Say which column is the input. Columns: "a", "b".');
    await expect(items('a,b\n1,2', 'csv', { input: 'c' })).rejects.toThrow('There is no column "c"');
    await expect(items('', 'csv')).rejects.toThrow('empty');
    await expect(items('input\n1\n2\n3', 'csv', undefined, { mostItems: 2 })).rejects.toThrow('2 items at the most');
  });
});
