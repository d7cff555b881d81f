import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Preset, World } from '../world.ts';
import { SCENARIOS } from './index.ts';
import { Theatre } from './theatre.ts';

export interface Act {
  /** Seconds after the start. */
  at: number;
  do: string;
  with: Record<string, string | number>;
}

/** How the platform is at the start, and what happens to it then. */
export interface Script {
  preset: Preset;
  acts: Act[];
  past?: ((world: World) => void) | undefined;
}

/** The scenario that was asked for cannot be: the user's mistake, in a sentence. */
export class ScenarioError extends Error {
  override name = 'ScenarioError';
}

export const PRESETS: readonly Preset[] = ['default', 'calm', 'still'];

const Acts = z.array(
  z.strictObject({
    at: z.number().min(0).default(0),
    do: z.string(),
    with: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  }),
);

/**
 * What `--demo-scenario` names: a preset, one scenario that happens at once, or a file (YAML, a list of
 * `{at: SECONDS, do: NAME, with: {…}}`; `do: calm` and `do: still` say how it starts). Throws a ScenarioError.
 */
export function scriptOf(wanted: string): Script {
  if (isPreset(wanted)) return { preset: wanted, acts: [] };
  if (Theatre.names.includes(wanted)) {
    const { preset = 'default', past } = SCENARIOS.find(({ name }) => name === wanted) ?? {};
    return { preset, acts: [{ at: 0, do: wanted, with: {} }], past };
  }
  let text: string;
  try {
    text = readFileSync(wanted, 'utf8');
  } catch (error) {
    const known = [...PRESETS, ...Theatre.names].join(', ');
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new ScenarioError(`${wanted} is no scenario (${known}), and ${why}`);
  }
  return readScript(text, wanted);
}

function readScript(text: string, file: string): Script {
  let acts: Act[];
  try {
    acts = Acts.parse(parse(text) ?? []);
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new ScenarioError(`${file}: ${why}`);
  }
  const stranger = acts.find(act => !isPreset(act.do) && !Theatre.names.includes(act.do));
  if (stranger) {
    throw new ScenarioError(
      `${file}: there is no scenario ${stranger.do}; there are ${[...PRESETS, ...Theatre.names].join(', ')}`,
    );
  }
  const preset = acts.map(act => act.do).find(isPreset) ?? 'default';
  return { preset, acts: acts.filter(act => !isPreset(act.do)) };
}

function isPreset(word: string): word is Preset {
  return (PRESETS as readonly string[]).includes(word);
}
