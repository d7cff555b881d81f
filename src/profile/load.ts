import { basename, extname } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { printable } from '../model/printable.ts';
import { maskText } from '../model/secrets.ts';
import { BUILT_IN, builtIn } from './built-in.ts';
import { type Fault, faultsOf } from './faults.ts';
import { isTree, merge } from './merge.ts';
import { ProfileError } from './profile-error.ts';
import { readProfile } from './read.ts';
import { type Profile, ProfileSchema } from './schema.ts';
import { valueAt } from './schema-walk.ts';
import { substitute, type UnsetVariable } from './variables.ts';
import { positionOf } from './yaml-position.ts';

/** The profile in this file. Throws a ProfileError, also when the file cannot be read. */
export function loadProfile(file: string): Profile {
  return parseProfile(readProfile(file).text, file);
}

/** @param file named in errors; its name is the profile's where that gives none */
export function parseProfile(text: string, file: string): Profile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const shown = printable(file);
  if (document.errors.length > 0) {
    throw new ProfileError(
      shown,
      document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { line, column: col, key: '', message: `is not YAML: ${printable(maskText(message))}` };
      }),
    );
  }
  const { profile, faults } = checked(plain(document), basename(file, extname(file)));
  if (profile) return profile;
  throw new ProfileError(
    shown,
    faults
      .map(({ path, message }) => ({
        ...positionOf(document, lines, path),
        key: printable(path.map(String).join('.')),
        message: printable(message),
      }))
      .sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** What the document says, or a text that says why that cannot be told. */
function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return error instanceof Error ? error.message : String(error); // an alias without its anchor, or far too many
  }
}

function checked(tree: unknown, name: string): { profile: Profile | null; faults: Fault[] } {
  if (tree !== null && !isTree(tree)) {
    const hint = typeof tree === 'string' && /alias/i.test(tree) ? ` (${tree})` : '';
    return { profile: null, faults: [{ path: [], message: `must be a mapping such as "sources: …"${hint}` }] };
  }
  const own: Record<string, unknown> = { name, ...tree };
  const base = BUILT_IN.find(known => known === own.extends);
  const whole = merge(base ? builtIn(base) : {}, own);
  const filled = substitute(whole, isTree(whole.variables) ? whole.variables : {});
  // Read once: code made for it would cost more than it saves.
  const result = ProfileSchema.safeParse(filled.tree, { jitless: true });
  if (result.success && filled.unset.length === 0) return { profile: result.data, faults: [] };
  return {
    profile: null,
    faults: [
      ...unsetFaults(filled.unset, own),
      ...(result.success ? [] : faultsOf(ProfileSchema, result.error.issues, filled.tree)),
    ],
  };
}

/** One fault for each variable, however often it is used; where the built-in profile uses it, at `extends`. */
function unsetFaults(unset: readonly UnsetVariable[], own: unknown): Fault[] {
  return unset
    .filter(({ name }, at) => unset.findIndex(other => other.name === name) === at)
    .map(({ path, message }) => ({ path: valueAt(own, path) === undefined ? ['extends'] : path, message }));
}
