import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../../src/demo/clock.ts';
import { type DemoPlatform, startPlatform } from '../../src/demo/platform.ts';
import { ProfileSchema, type SourceOptions } from '../../src/profile/schema.ts';

const ANSWER = fileURLToPath(new URL('../demo/cephfs/answer-main.ts', import.meta.url));

/** The embedded platform in this process. `haste`: how much faster than ours its time passes; `scale`: its pods. */
export function embedded({
  scenario = 'calm',
  postgres = false,
  haste = 1,
  scale,
}: {
  scenario?: string;
  postgres?: boolean;
  haste?: number;
  scale?: number;
} = {}): Promise<DemoPlatform> {
  const clock = haste === 1 ? systemClock : hasty(haste);
  return startPlatform({ scenario, postgres, clock, scale, answerCommand: [process.execPath, ANSWER] });
}

function hasty(haste: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * haste,
    wakeAt: (at, wake) => systemClock.wakeAt(start + (at - start) / haste, wake),
  };
}

/** How its profile says that this kind of system is reached. */
export function optionsOf<K extends SourceOptions['kind']>(
  { profile }: DemoPlatform,
  kind: K,
): Extract<SourceOptions, { kind: K }> {
  const found = Object.values(ProfileSchema.parse(profile).sources).find(each => each?.kind === kind);
  if (!found) throw new Error(`the embedded platform has no ${kind}`);
  return found as Extract<SourceOptions, { kind: K }>;
}
