import packageJson from '../../package.json' with { type: 'json' };
import type { DiscoverOptions } from '../discovery/discover.ts';
import type { Findings } from '../discovery/found.ts';
import { logPath, meantProfile } from '../profile/folders.ts';
import { keptProfile } from '../profile/kept.ts';
import type { SourceOptions } from '../profile/schema.ts';
import type { Source } from '../sources/source.ts';
import { why } from '../sources/why.ts';
import type { Colors } from '../stage/sgr.ts';
import { openLog } from '../store/log-file.ts';
import { type Arguments, type Options, parseArguments, UsageError } from './arguments.ts';
import { EXIT, type Io } from './io.ts';
import { mistake } from './mistake.ts';
import { namedProfile } from './named-profile.ts';
import { type Platform, realPlatform } from './platform.ts';
import { help } from './usage.ts';

export const VERSION: string = packageJson.version;

/** What the screen is to be opened with. */
export interface ScreenCall {
  /** null: the start screen asks. */
  platform: Platform | null;
  options: Options;
  colors: Colors;
}

/** What tests put in the place of the real thing. */
export interface Dependencies {
  discover(options: DiscoverOptions): Promise<Findings>;
  demo(options: Options): Promise<Platform>;
  create?(name: string, options: SourceOptions): Promise<Source>;
  log(line: string): void;
  /** Leaves a child behind that follows what is under way to its end. */
  followOn?(options: Options): void;
}

/** Loaded when they are needed: what a command does not use must not slow its start, nor the first frame. */
const REAL = {
  discover: async (options: DiscoverOptions) => (await import('../discovery/discover.ts')).discover(options),
  demo: async (options: Options) => (await import('./demo-platform.ts')).demoPlatform(options),
};

/**
 * The command line. Resolves with an exit code, or with what the screen is to be opened with. Never rejects: a mistake
 * of the user is 64 with a sentence, a fault of ours 70.
 */
export async function run(
  argv: readonly string[],
  io: Io,
  replaced: Partial<Dependencies> = {},
): Promise<number | ScreenCall> {
  const dependencies = { ...REAL, log: openLog(logPath(io.env)), ...replaced };
  try {
    return await obey(parseArguments(argv), io, dependencies);
  } catch (error) {
    const known = mistake(error);
    if (known) {
      io.err(known.text);
      return known.code;
    }
    dependencies.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    io.err(`quarterdeck: a fault of its own: ${why(error)}\n`);
    return EXIT.fault;
  }
}

async function obey(args: Arguments, io: Io, dependencies: Dependencies): Promise<number | ScreenCall> {
  const { command, options } = args;
  if (options.help) {
    io.out(help());
    return EXIT.well;
  }
  if (options.version) {
    io.out(`${VERSION}\n`);
    return EXIT.well;
  }
  const isScreen = command === null && io.isInteractive && !options.json;
  if (options.choose && !isScreen) {
    throw new UsageError('--choose opens the start screen: that needs a terminal, and no command beside it');
  }
  if (command === 'config') return (await import('./config.ts')).config(args, io, dependencies.discover);
  const isNamed = options.profile !== null || options.platform !== null;
  const meant = isScreen && !isNamed && !options.demo && !options.choose ? meantProfile(io.env) : null;
  const named = await namedPlatform({ ...options, platform: meant ?? options.platform }, io);
  if (isScreen) {
    // An operator's host that lost its kubeconfig must not show a demo: only who asks for it gets it.
    const platform = named ?? (options.demo ? await dependencies.demo(options) : null);
    return { platform, options, colors: colorsOf(options, io) };
  }
  const { report } = await import('./report.ts');
  return report(args, named ?? (() => unnamed(options, io, dependencies)), io, { ...dependencies, version: VERSION });
}

/** What the command line names. Throws a ProfileError or a UsageError. */
async function namedPlatform(options: Options, { env }: Io): Promise<Platform | null> {
  const named = namedProfile(options, env);
  if (!named) return null;
  const known = keptProfile(named, env);
  if (known) return realPlatform(known, named.origin, env);
  return (await import('./checked-platform.ts')).checkedPlatform(named, env);
}

function colorsOf({ color }: Options, { colorDepth, env }: Io): Colors {
  if (!color || env.NO_COLOR || colorDepth === 1) return 'none';
  return colorDepth >= 8 ? 'full' : '16';
}

export interface Unnamed {
  platform: Platform | null;
  passed: string[];
}

/** Without a profile: the embedded platform where that is asked for, else what is found, told on stderr. */
async function unnamed(options: Options, io: Io, { discover, demo }: Dependencies): Promise<Unnamed> {
  if (options.demo) {
    const platform = await demo(options);
    // The time that the sources have begins when there are any.
    await platform.sources;
    return { platform, passed: [] };
  }
  const { found, passed } = await discover({ env: io.env });
  const { foundPlatform } = await import('./checked-platform.ts');
  const taken = foundPlatform(found, io.env);
  if (taken) {
    io.err(`quarterdeck: no profile: watching ${taken.told.join(', ')}\n`);
    for (const sentence of passed) io.err(`quarterdeck: passed over: ${sentence}\n`);
  }
  return { platform: taken?.platform ?? null, passed };
}
