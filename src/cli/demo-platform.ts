import { startDemo } from '../demo/client.ts';
import { KNOWN } from '../demo/known.ts';
import type { ProfileInput, SourceOptions } from '../profile/schema.ts';
import { why } from '../sources/why.ts';
import { type Options, UsageError } from './arguments.ts';
import type { Platform } from './platform.ts';

/**
 * The embedded platform, which starts from now on; it is known at once what it will consist of. Its sources are rejected
 * with a UsageError for a scenario that is not there, else with why it does not start.
 */
export function demoPlatform({ demoSeed, demoScale, demoChanges, demoScenario }: Options): Platform {
  const starting = startDemo({
    ...(demoSeed !== null && { seed: demoSeed }),
    ...(demoScale !== null && { scale: demoScale }),
    ...(demoChanges !== null && { changesPerSecond: demoChanges }),
    ...(demoScenario !== null && { scenario: demoScenario }),
  }).catch((error: Error & { usage?: boolean }) => {
    throw error.usage ? new UsageError(`--demo-scenario: ${error.message}`) : error;
  });
  const sources = starting.then(({ profile }) => whole(profile));
  // Whoever waits for them is told; it is no fault that nobody does yet.
  sources.catch(() => {});
  let started = false;
  starting.then(() => (started = true)).catch(() => {});
  return {
    name: KNOWN.name,
    title: KNOWN.title,
    profile: {
      namespace: KNOWN.namespace,
      keys: {},
      thresholds: {},
      guard: [],
      groups: KNOWN.groups,
      checklists: KNOWN.checklists,
    },
    kinds: KNOWN.sources,
    sources,
    demo: true,
    origin: 'the embedded platform',
    storePath: ':memory:',
    triggers: KNOWN.scenarios,
    trigger: async name => {
      try {
        return await (await starting).trigger(name);
      } catch (error) {
        return why(error);
      }
    },
    // One that still starts ends by itself with this program: nobody has to wait for it.
    close: async () => {
      if (started) await (await starting).close();
    },
  };
}

/** With all defaults. The schema is loaded only now, while the screen is there already. */
async function whole(profile: ProfileInput): Promise<Record<string, SourceOptions>> {
  const { ProfileSchema } = await import('../profile/schema.ts');
  return ProfileSchema.parse(profile).sources;
}
