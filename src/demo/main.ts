import { fileURLToPath } from 'node:url';
import type { DemoOptions, Order, Report } from './messages.ts';

/**
 * The demo's own process: `--answer …` is the command that stands for getfattr and ceph; else its one argument is the
 * DemoOptions as JSON, and it serves until the channel to the program that forked it closes.
 */
const [mode = '{}', ...rest] = process.argv.slice(2);
if (mode === '--answer') {
  // Started many times a minute: nothing but this is loaded.
  const { answer } = await import('./cephfs/answer.ts');
  process.exitCode = await answer(rest);
} else await serve(JSON.parse(mode));

async function serve(options: DemoOptions): Promise<void> {
  const { startPlatform } = await import('./platform.ts');
  const self = fileURLToPath(import.meta.url);
  try {
    const platform = await startPlatform({
      ...options,
      answerCommand: [process.execPath, self, '--answer'],
      log: line => console.error(line),
    });
    const end = () => void platform.close().then(() => process.exit(0), fail);
    if (!process.connected) return end();
    process.once('disconnect', end);
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.once(signal, end);
    process.on('message', (order: Order) => {
      const told = (error: string | null) => tell({ type: 'triggered', id: order.id, error });
      platform.trigger(order.name, order.with).then(
        () => told(null),
        error => told(error.message),
      );
    });
    tell({ type: 'ready', profile: platform.profile, scenarios: platform.scenarios });
  } catch (error) {
    const { name, message } = error as Error;
    tell({ type: 'failed', message, usage: name === 'ScenarioError' });
    fail(error);
  }
}

function tell(report: Report): void {
  if (process.connected) process.send?.(report);
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
