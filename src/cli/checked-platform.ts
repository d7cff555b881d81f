import { defaultProfile, nameOfMachine, profileOf } from '../discovery/default-profile.ts';
import type { Found } from '../discovery/found.ts';
import { keepProfile } from '../profile/kept.ts';
import { parseProfile } from '../profile/load.ts';
import { ProfileSchema } from '../profile/schema.ts';
import type { NamedProfile } from './named-profile.ts';
import { type Platform, realPlatform } from './platform.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The platform that this profile describes. Throws a ProfileError. */
export function checkedPlatform(named: NamedProfile, env: Environment): Platform {
  const profile = parseProfile(named.text, named.file);
  keepProfile(named, profile, env);
  return realPlatform(profile, named.origin, env);
}

/** The platform that consists of what was found and would be taken without a word, or null when nothing would be. */
export function foundPlatform(
  found: readonly Found[],
  env: Environment,
): { platform: Platform; told: string[] } | null {
  const taken = defaultProfile(found);
  return taken && { platform: realPlatform(taken.profile, FOUND, env), told: taken.told };
}

/** The platform that consists of these: what was chosen on the start screen. */
export function chosenPlatform(chosen: readonly Found[], env: Environment): Platform {
  return realPlatform(ProfileSchema.parse(profileOf(chosen, nameOfMachine())), FOUND, env);
}

const FOUND = 'what was found on this machine';
