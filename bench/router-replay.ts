import type { BenchReport } from './harness/report.ts';
export async function runRouterReplay(folder: string | undefined): Promise<BenchReport> { throw new Error(`Not yet: ${folder}`); }
