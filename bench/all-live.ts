import type { Figure } from './measurement.ts';
import { allPanesLive, newHome, withScreen } from './screen.ts';

/** From the command until every pane shows what is there: the first start of a user, and the one after it. */
export async function allLive(): Promise<Figure[]> {
  const home = newHome();
  const start = () =>
    withScreen({ args: ['--demo-scenario', 'calm'], home }, async (program, from) => {
      await allPanesLive(program);
      return performance.now() - from;
    });
  return [
    { name: 'command to all panes live, first start (cold cache)', value: await start(), unit: 'ms' },
    { name: 'command to all panes live, later start (warm cache)', value: await start(), unit: 'ms' },
  ];
}
