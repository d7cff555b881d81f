import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The program as a whole: in a pseudo-terminal, and its sources against the embedded platform. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/{contract,pty}/**/*.test.ts'], exclude: [], maxConcurrency: 24 },
});
