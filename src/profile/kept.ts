import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder } from './folders.ts';
import type { ProfileText } from './read.ts';
import type { Profile } from './schema.ts';

/** This very program: its bundler puts in what differs with each of its files. null where it runs unbundled. */
const PROGRAM = process.env.QUARTERDECK_BUILD ? `${process.env.QUARTERDECK_BUILD} ${process.version}` : null;

type Environment = Readonly<Record<string, string | undefined>>;

/** A profile that was well, beside all that this depends on. */
interface Kept {
  program: string;
  text: string;
  profile: Profile;
}

/**
 * The profile that is this text, if this very program found it well before: then neither YAML nor the schemas need to be
 * loaded, which is a third of a start. null where it must be checked, whatever the reason.
 */
export function keptProfile({ file, text }: ProfileText, env: Environment, program = PROGRAM): Profile | null {
  if (program === null) return null;
  try {
    const kept = JSON.parse(readFileSync(keptPath(file, env), 'utf8')) as Kept;
    return kept.program === program && kept.text === text ? kept.profile : null;
  } catch {
    return null; // never kept, or not whole
  }
}

/** Keeps a profile that is well. Never throws: without a place for it the next start checks it again. */
export function keepProfile({ file, text }: ProfileText, profile: Profile, env: Environment, program = PROGRAM): void {
  if (program === null) return;
  const path = keptPath(file, env);
  const kept: Kept = { program, text, profile };
  try {
    mkdirSync(keptFolder(env), { recursive: true, mode: 0o700 });
    // Whole or not at all: another start may read it.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // a full disk, a home that cannot be written
  }
}

const keptFolder = (env: Environment): string => join(cacheFolder(env), 'profiles');
/** By its last name, which is the profile's own where the text gives none. */
const keptPath = (file: string, env: Environment): string => join(keptFolder(env), `${basename(file)}.json`);
