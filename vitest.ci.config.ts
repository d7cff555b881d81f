import { defineConfig } from 'vitest/config';

/** Tests that need what only a machine of the CI is sure to have: an older Node than the pinned one. */
export default defineConfig({
  test: { include: ['test/ci/**/*.test.ts'], testTimeout: 60_000 },
});
