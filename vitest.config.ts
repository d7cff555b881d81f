import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // What takes the longest has a command of its own: vitest.whole.config.ts.
    exclude: [
      'test/{testbed,ci,contract,pty}/**',
      // They start and break PostgreSQL servers.
      'test/{demo/postgres,sources/postgres/servers}/**',
    ],
    // Most tests wait for a server, a child or a terminal: as many as processors would leave those idle.
    maxWorkers: 3,
    testTimeout: 20_000,
    // They start platforms, and bundle.
    hookTimeout: 30_000,
    // React's development build leaks at every frame; the product runs the production build, so the tests do too.
    env: { NODE_ENV: 'production', TZ: 'UTC' },
  },
});
