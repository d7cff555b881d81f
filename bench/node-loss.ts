import type { Figure } from './measurement.ts';
import { allPanesLive, msUntil, withScreen } from './screen.ts';

/** The embedded controller trusts a silent kubelet for 8 s (a real one for 40 s or more): the rest is ours. */
export async function nodeLoss(): Promise<Figure[]> {
  return withScreen({ args: ['--demo-scenario', 'calm'] }, async program => {
    await allPanesLive(program);
    program.type(':demo node-loss\r');
    const value = await msUntil(program, /✖ vps-2 /, performance.now());
    return [{ name: 'node falls silent to ✖ in its pane (8 s of it the controller’s own)', value, unit: 'ms' }];
  });
}
