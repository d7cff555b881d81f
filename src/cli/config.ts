import { configFolder, profileNames, profilePath } from '../profile/folders.ts';
import { loadProfile } from '../profile/load.ts';
import { ProfileError } from '../profile/profile-error.ts';
import { profileJsonSchema } from '../profile/schema.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { EXIT, type Io } from './io.ts';
import type { Dependencies } from './run.ts';
import { createProfile } from './write-profile.ts';

/** `config init [NAME]`, `config check [FILE]`, `config schema`. Throws a UsageError. */
export async function config({ operands }: Arguments, io: Io, search: Dependencies['discover']): Promise<number> {
  const [what, argument] = operands;
  switch (what) {
    case 'init': {
      const name = argument ?? 'default';
      io.out(`${createProfile(name, await search({ env: io.env }), io.env)}\n`);
      io.err(`quarterdeck: written; look it over, then: quarterdeck --platform ${name}\n`);
      return EXIT.well;
    }
    case 'check':
      return check(argument === undefined ? ownProfiles(io) : [argument], io);
    case 'schema':
      if (argument !== undefined) throw new UsageError(`config schema takes nothing more, not "${argument}"`);
      io.out(`${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
      return EXIT.well;
    default:
      throw new UsageError(`config ${what}? It is one of init, check and schema`);
  }
}

function ownProfiles(io: Io): string[] {
  const names = profileNames(io.env);
  if (names.length > 0) return names.map(name => profilePath(name, io.env));
  throw new UsageError(`there is no profile in ${configFolder(io.env)}; name a file: config check FILE`);
}

function check(files: readonly string[], io: Io): number {
  let code: number = EXIT.well;
  for (const file of files) {
    try {
      const { name, sources } = loadProfile(file);
      const list = Object.entries(sources).map(([source, { kind }]) =>
        source === kind ? kind : `${source} (${kind})`,
      );
      io.out(`${file}: good: platform ${name}, ${list.length === 0 ? 'no sources' : `sources ${list.join(', ')}`}\n`);
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      io.err(`${error.message}\n`);
      code = EXIT.usage;
    }
  }
  return code;
}
