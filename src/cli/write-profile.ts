import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOfMachine } from '../discovery/default-profile.ts';
import type { Findings, Found } from '../discovery/found.ts';
import { profileText } from '../discovery/write-profile.ts';
import { configFolder, profilePath } from '../profile/folders.ts';
import { parseProfile } from '../profile/load.ts';
import { profileJsonSchema } from '../profile/schema.ts';
import { UsageError } from './arguments.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SCHEMA = 'profile.schema.json';

/**
 * Writes a new profile from what was found, and the schema for editors beside it. Returns its path. Throws a
 * UsageError when the name is none or taken (a file that is there is never written over), or nothing can be written.
 */
export function createProfile(name: string, findings: Findings, env: Environment): string {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new UsageError(`"${name}" cannot be a profile's name: letters, digits, "-", "_" and "." can`);
  }
  const path = profilePath(name, env);
  const text = profileText(name, findings, SCHEMA);
  parseProfile(text, path);
  try {
    mkdirSync(configFolder(env), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    writeFileSync(join(configFolder(env), SCHEMA), `${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && existsSync(path)) {
      throw new UsageError(`${path} is there already and is not written over; give another name: config init NAME`);
    }
    throw new UsageError(`cannot write ${path}: ${message}`);
  }
  return path;
}

/** Writes what was chosen on the start screen as a profile under a free name, and gives the sentence that tells of it. */
export function writeProfile(chosen: readonly Found[], env: Environment): string {
  const wanted = nameOfMachine();
  let name = wanted;
  for (let n = 2; existsSync(profilePath(name, env)); n++) name = `${wanted}-${n}`;
  try {
    const found = chosen.map(source => ({ ...source, isDefault: true }));
    const path = createProfile(name, { found, passed: [] }, env);
    return `written: ${path}; from now on: quarterdeck --platform ${name}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
