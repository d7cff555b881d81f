import { readFileSync } from 'node:fs';
import { printable } from '../model/printable.ts';
import { BUILT_IN } from './built-in.ts';
import { ProfileError } from './profile-error.ts';

/** A profile as it is written, not checked yet. */
export interface ProfileText {
  text: string;
  /** Named in errors; its last part is the name of the profile where the text gives none. */
  file: string;
}

/** The profile in this file. Throws a ProfileError when it cannot be read. */
export function readProfile(file: string): ProfileText {
  try {
    return { text: readFileSync(file, 'utf8'), file };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'is a folder' : message;
    throw new ProfileError(printable(file), [{ key: '', message: printable(why) }]);
  }
}

/** The built-in profile of that name with nothing laid over it, or null. */
export function builtInText(name: string): ProfileText | null {
  const known = BUILT_IN.find(known => known === name);
  return known ? { text: `name: ${known}\nextends: ${known}\n`, file: `built-in profile ${known}` } : null;
}
