import { existsSync } from 'node:fs';
import { BUILT_IN } from '../profile/built-in.ts';
import { profileNames, profilePath } from '../profile/folders.ts';
import { builtInText, type ProfileText, readProfile } from '../profile/read.ts';
import { didYouMean } from '../text/nearest.ts';
import { type Options, UsageError } from './arguments.ts';

/** The profile of a platform, not checked yet. */
export interface NamedProfile extends ProfileText {
  /** A file's path, "the built-in profile saasodoo". */
  origin: string;
}

/**
 * The profile that --profile or --platform names, or null when neither is there. Throws a ProfileError when its file
 * cannot be read, and a UsageError when there is no profile of that name.
 */
export function namedProfile(
  { profile, platform }: Options,
  env: Readonly<Record<string, string | undefined>>,
): NamedProfile | null {
  if (profile !== null) return { ...readProfile(profile), origin: profile };
  if (platform === null) return null;
  const path = profilePath(platform, env);
  if (existsSync(path)) return { ...readProfile(path), origin: path };
  const builtIn = builtInText(platform);
  if (builtIn) return { ...builtIn, origin: `the built-in profile ${platform}` };
  const names = [...profileNames(env), ...BUILT_IN];
  const hint = didYouMean(platform, names) || (names.length > 0 ? `; known: ${names.join(', ')}` : '');
  throw new UsageError(`--platform ${platform}: there is no ${path}${hint}`);
}
