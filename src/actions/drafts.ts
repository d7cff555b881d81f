import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Noun } from '../model/entity.ts';
import type { Client } from '../sources/client.ts';
import type { Console } from './console.ts';
import { draftText, isCurrent } from './draft-text.ts';
import { Unfit } from './verb.ts';
import { wordsOf } from './words.ts';

interface Means {
  client: Client;
  /** Where the system's API keeps the noun. */
  path: string;
  console: Console;
  /** Texts that were not taken are kept in it; only their owner reads them. */
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens an object in the operator's editor: as it is, or as an earlier text has it that was not taken. Resolves with the
 * file when it was changed, null when it was not. Throws an Unfit, a Refusal, or what the file system says.
 */
export async function editDraft(noun: Noun, means: Means, signal: AbortSignal): Promise<string | null> {
  const { client, path, console, folder, env } = means;
  if (!console.hasTerminal) throw new Unfit('an editor needs a terminal: give the changed YAML as a file');
  const object = await client.get(path, signal);
  const fresh = await draftText(noun, object);
  const file = fileOf(folder, noun);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const earlier = await readFile(file, 'utf8').catch(() => null);
  if (earlier !== null && isCurrent(earlier, noun, object) === false) await rename(file, `${file}.old`);
  const text = earlier !== null && isCurrent(earlier, noun, object) !== false ? earlier : fresh;
  await writeFile(file, text, { mode: 0o600 });
  const [program = 'vi', ...args] = wordsOf(env.VISUAL || env.EDITOR || 'vi') ?? [];
  const code = await console.lend(`${noun.name}: in ${program}`, terminal => terminal.run(program, [...args, file]));
  const edited = await readFile(file, 'utf8').catch(() => null);
  if (code === 0 && edited !== null && edited !== fresh) return file;
  if (edited === fresh) await rm(file, { force: true });
  if (code !== 0) throw new Unfit(`${program} ended with ${code ?? 'a signal'}: nothing is written`);
  return null;
}

/** The text was taken: it is needed no more. */
export async function dropDraft(file: string): Promise<void> {
  await rm(file, { force: true });
}

function fileOf(folder: string, { id }: Noun): string {
  return join(folder, `${id.replace(/[^\w.-]+/g, '_')}.yaml`);
}
