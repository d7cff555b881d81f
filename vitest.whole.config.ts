import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

const files = 'test/{contract,pty,demo/postgres,sources/postgres/servers}/**/*.test.ts';
/** Each change of a latency is drawn: it wants a machine that has nothing else to do. */
const alone = 'test/pty/quiet.test.ts';

const project = (name: string, include: string, exclude: string[], groupOrder: number) => ({
  ...base,
  test: { ...base.test, name, include: [include], exclude, maxConcurrency: 24, sequence: { groupOrder } },
});

/** The program as a whole: in a pseudo-terminal, its sources against the embedded platform and its servers. */
export default defineConfig({
  test: { projects: [project('whole', files, [alone], 0), project('alone', alone, [], 1)] },
});
