import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The program as a whole: in a pseudo-terminal, its sources against the embedded platform and its servers. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/{contract,pty,demo/postgres,sources/postgres/servers}/**/*.test.ts'],
    exclude: [],
    maxConcurrency: 24,
  },
});
