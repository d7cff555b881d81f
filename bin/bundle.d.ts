import type { BuildResult } from 'esbuild';

export declare function bundle(
  entryPoints: Record<string, string>,
  outdir: string,
  groups?: string[][],
): Promise<BuildResult>;
