import { why } from '../sources/why.ts';
import type { DemoOptions, FromDemo, ToDemo } from './client.ts';
import { startPlatform } from './platform.ts';

/** Runs the platform for the process that forked this one, until the channel to it closes. */
export async function serveParent({ seed, scale, changesPerSecond, scenario }: DemoOptions): Promise<void> {
  const tell = (message: FromDemo) => process.send?.(message);
  const preset = scenario === 'calm' || scenario === 'still' ? scenario : 'default';
  // Ctrl-C and a closed terminal reach the whole process group: the parent ends us in order.
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTSTP'] as const) process.on(signal, () => {});
  try {
    const platform = await startPlatform({
      seed,
      preset,
      scale,
      changesPerSecond,
      answerCommand: [process.execPath, process.argv[1] ?? '', '--answer'],
    });
    process.on('message', (message: ToDemo) => tell({ type: 'failed', reason: `no scenario ${message.name}` }));
    process.once('disconnect', () => void platform.close().finally(() => process.exit(0)));
    if (!process.connected) await platform.close();
    tell({ type: 'ready', profile: platform.profile, scenarios: [] });
  } catch (error) {
    tell({ type: 'failed', reason: why(error) });
    process.exitCode = 1;
    process.disconnect?.();
  }
}
