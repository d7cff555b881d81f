import type { ChecklistsInput } from '../checklists/options.ts';
import { storePath } from '../profile/folders.ts';
import type { Profile, SourceOptions } from '../profile/schema.ts';
import type { SourceKind } from '../sources/source.ts';

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

/** The platform that a profile describes. @param origin where the profile stands, for the operator */
export function realPlatform(profile: Profile, origin: string, env: Environment): Platform {
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
