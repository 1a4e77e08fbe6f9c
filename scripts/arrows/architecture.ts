/** What architecture.json holds. All paths are relative to the root, with `/`. */
export interface Architecture {
  /** By folder. `imports` lists the workspace packages that its sources may import, `testImports` what its tests may as well. */
  readonly packages: Readonly<Record<string, PackageEdges>>;
  readonly core: CoreRows;
  readonly externals: readonly ExternalRule[];
  /** Files and folders that may read `process.env`; tests may everywhere. */
  readonly environmentOnlyIn: readonly string[];
  readonly forbiddenFileNames: readonly string[];
  readonly maxLines: number;
  /** Folder names that are not looked into. */
  readonly ignore: readonly string[];
}

export interface PackageEdges {
  readonly name: string;
  readonly imports: readonly string[];
  readonly testImports: readonly string[];
  /** Folders of other packages that may be imported by relative paths: for `scripts`, which is no package itself. */
  readonly reachesInto?: readonly string[];
}

export interface CoreRows {
  readonly sources: string;
  /** Lowest row first. */
  readonly rows: readonly (readonly string[])[];
  /** The module that stands above all rows and that only tests import. */
  readonly testOnly: string;
  /** The one file that may touch clock, chance, timers and process. */
  readonly ambientOnlyIn: string;
}

/** A trailing `/*` in `packages` stands for any rest. Exactly one of `onlyIn` and `neverIn`. */
export interface ExternalRule {
  readonly packages: readonly string[];
  readonly onlyIn?: readonly string[];
  readonly neverIn?: readonly string[];
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  /** One sentence: what is wrong and what to do instead. */
  readonly message: string;
}

/** Whether `path` is `folder` itself or below it. */
export const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Tests, their fixtures and their configuration: code that never runs in production. */
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || /\/(testing|fixtures|__tests__)\//.test(path) || /(^|\/)vitest\.config\.ts$/.test(path);
