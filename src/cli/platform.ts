import { existsSync } from 'node:fs';
import type { ChecklistsInput } from '../checklists/options.ts';
import { defaultProfile, nameOfMachine, profileOf } from '../discovery/default-profile.ts';
import type { Found } from '../discovery/found.ts';
import { BUILT_IN } from '../profile/built-in.ts';
import { profileNames, profilePath, storePath } from '../profile/folders.ts';
import { loadBuiltIn, loadProfile } from '../profile/load.ts';
import { type Profile, ProfileSchema, type SourceOptions } from '../profile/schema.ts';
import type { SourceKind } from '../sources/source.ts';
import { didYouMean } from '../text/nearest.ts';
import { type Options, UsageError } from './arguments.ts';

/** What is to be watched, and where that was said. */
export interface Platform {
  /** What its files are called. */
  name: string;
  /** What the header says. */
  title: string;
  profile: Pick<Profile, 'namespace' | 'keys' | 'thresholds' | 'guard'> &
    Partial<Pick<Profile, 'stacks' | 'groups' | 'team'>> & {
      checklists?: ChecklistsInput;
    };
  /** The sources that it has for certain, by name, known at once: the screen names them before anything is loaded. */
  kinds: Readonly<Record<string, SourceKind>>;
  /** All its sources. Rejects when the embedded platform does not start. */
  sources: Promise<Readonly<Record<string, SourceOptions>>>;
  /** It is the embedded platform. */
  demo: boolean;
  /** A file's path, "the built-in profile saasodoo", "what was found on this machine", "the embedded platform". */
  origin: string;
  /** Where its events are kept; `:memory:` for the embedded platform. */
  storePath: string;
  /** What the embedded platform can be told to do; none for a real one. */
  triggers: readonly string[];
  /** Tells it to; resolves with null, or with the reason why that could not be. */
  trigger(name: string): Promise<string | null>;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The platform that --profile or --platform names, or null when neither is there. Throws a ProfileError, or a
 * UsageError when there is no profile of that name.
 */
export function namedPlatform({ profile, platform }: Options, env: Environment): Platform | null {
  if (profile !== null) return real(loadProfile(profile), profile, env);
  if (platform === null) return null;
  const path = profilePath(platform, env);
  if (existsSync(path)) return real(loadProfile(path), path, env);
  const builtIn = loadBuiltIn(platform);
  if (builtIn) return real(builtIn, `the built-in profile ${platform}`, env);
  const names = [...profileNames(env), ...BUILT_IN];
  const hint = didYouMean(platform, names) || (names.length > 0 ? `; known: ${names.join(', ')}` : '');
  throw new UsageError(`--platform ${platform}: there is no ${path}${hint}`);
}

/** The platform that consists of what was found and would be taken without a word, or null when nothing would be. */
export function foundPlatform(
  found: readonly Found[],
  env: Environment,
): { platform: Platform; told: string[] } | null {
  const taken = defaultProfile(found);
  return taken && { platform: real(taken.profile, FOUND, env), told: taken.told };
}

/** The platform that consists of these: what was chosen on the start screen. */
export function chosenPlatform(chosen: readonly Found[], env: Environment): Platform {
  return real(ProfileSchema.parse(profileOf(chosen, nameOfMachine())), FOUND, env);
}

const FOUND = 'what was found on this machine';

function real(profile: Profile, origin: string, env: Environment): Platform {
  return {
    name: profile.name,
    title: profile.title ?? profile.name,
    profile,
    kinds: Object.fromEntries(Object.entries(profile.sources).map(([name, { kind }]) => [name, kind])),
    sources: Promise.resolve(profile.sources),
    demo: false,
    origin,
    storePath: storePath(profile.name, env),
    triggers: [],
    trigger: async () => 'only the embedded platform can be told to',
    close: async () => {},
  };
}
