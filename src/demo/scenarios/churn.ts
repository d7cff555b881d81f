import { touchPod } from '../controller/life.ts';
import { Random } from '../random.ts';
import { type Scenario, word } from './scenario.ts';

const MOST = 500;

/** `with: {changesPerSecond: 500}` */
export const churn: Scenario = {
  name: 'churn',
  title: 'fifty pod changes a second for a minute',
  seconds: 60,
  start({ world }, options) {
    const rate = Math.min(MOST, Math.max(1, Number(word(options, 'changesPerSecond', '50')) || 1));
    const random = new Random(world.seed);
    return world.timeline.every(
      () => Math.max(1000 / rate, world.behindMs - 2_000),
      () => touchPod(world, random),
    );
  },
};
