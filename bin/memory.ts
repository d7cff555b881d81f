import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at the few megabytes that it has by now, and its old one, once the platform has been read,
 * close to what is in use. While thousands of objects are read V8 doubles the young one up to 134 MB, which it gives back
 * only after long rest; to hold the old one close while it grows would collect it nine times instead of two
 * (docs/performance.md).
 *
 * The limits themselves can only be given to a Node that starts, so their growth is held, which V8 looks at each time.
 * Code that was compiled is recognised by the flags under which it was: it is kept first, and this is for the time when
 * nearly everything is loaded.
 */
export function keepMemorySmall(): void {
  flushCompileCache();
  setFlagsFromString('--semi-space-growth-factor=1');
  setTimeout(() => setFlagsFromString('--heap-growing-percent=30'), READ_MS).unref();
}

/** By then the platform has been read, if it answers. */
const READ_MS = 10_000;
