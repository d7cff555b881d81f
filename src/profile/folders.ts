import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the user's profiles stand. */
export const configFolder = (env: Environment = process.env): string => folder(env, 'XDG_CONFIG_HOME', '.config');
/** Where events, preferences and the log outlive the program. */
export const stateFolder = (env: Environment = process.env): string => folder(env, 'XDG_STATE_HOME', '.local/state');
/** What may be deleted at any time: the embedded platform's servers, what Node has compiled, profiles that were well. */
export const cacheFolder = (env: Environment = process.env): string => folder(env, 'XDG_CACHE_HOME', '.cache');

export const profilePath = (name: string, env?: Environment): string => join(configFolder(env), `${name}.yaml`);
export const storePath = (platform: string, env?: Environment): string => join(stateFolder(env), `${platform}.sqlite`);
/** What is remembered without a platform: the choice on the start screen. */
export const preferencesPath = (env?: Environment): string => join(stateFolder(env), 'preferences.sqlite');
export const logPath = (env?: Environment): string => join(stateFolder(env), 'quarterdeck.log');

/** The profiles in the user's folder. */
export function profileNames(env?: Environment): string[] {
  try {
    return readdirSync(configFolder(env))
      .filter(file => extname(file) === '.yaml')
      .map(file => file.slice(0, -'.yaml'.length))
      .sort();
  } catch {
    return []; // no such folder: no profile was ever written
  }
}

/** The profile that is meant when none is named: the only one, or the one that is called `default`. */
export function meantProfile(env?: Environment): string | null {
  const names = profileNames(env);
  return names.find(name => name === 'default') ?? (names.length === 1 ? names[0]! : null);
}

/** A relative path in such a variable is invalid and passed over, as the XDG specification asks. */
function folder(env: Environment, variable: string, inHome: string): string {
  const named = env[variable];
  const base = named && isAbsolute(named) ? named : join(env.HOME || homedir(), inHome);
  return join(base, 'quarterdeck');
}
