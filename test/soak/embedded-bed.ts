import { startDemo } from '../../src/demo/client.ts';
import { ProfileSchema } from '../../src/profile/schema.ts';
import type { SoakBed } from './bed.ts';
import { faultsOf } from './faults.ts';

/** The embedded platform, in a process of its own; nothing moves in it but what faults move. */
export async function embeddedBed(seed: number): Promise<SoakBed> {
  const demo = await startDemo({ seed, scenario: 'still' });
  const trigger = async ([name = '']: string[]) => {
    // Nothing mends itself: that is the way back's.
    const failure = await demo.trigger(name, { seconds: 0 });
    if (failure !== null) throw new Error(failure);
  };
  return {
    sources: ProfileSchema.parse(demo.profile).sources,
    env: {},
    rows: faultsOf('embedded'),
    hands: { embedded: trigger },
    told: [],
    heal: () => trigger(['recover']),
    close: () => demo.close(),
  };
}
