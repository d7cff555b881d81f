import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at the few megabytes that it has by now. While thousands of objects are read V8 doubles it
 * up to 134 MB, which it gives back only after long rest; with 1 to 8 MB reading takes as much processor time
 * (docs/performance.md).
 *
 * The limit itself can only be given to a Node that starts, so its growth is stopped, which V8 looks at each time. Code
 * that was compiled is recognised by the flags under which it was: it is kept first, and this is for the time when nearly
 * everything is loaded.
 */
export function keepYoungGenerationSmall(): void {
  flushCompileCache();
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}
