import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Noun } from '../model/entity.ts';
import { maskSecrets } from '../model/secrets.ts';
import { unmask } from '../model/unmask.ts';

export interface KeptText {
  file: string;
  text: string;
}

/** Longer than anything can be taken back. */
const KEPT_MS = 48 * 3_600_000;

/**
 * The text that makes an object what it was before an edit. Secrets stand in it as masks, which mean those that the
 * object has then: null where the edit changes one, for then there is no way back without keeping it.
 */
export async function textBefore(
  folder: string,
  noun: Noun,
  before: unknown,
  after: unknown,
): Promise<KeptText | null> {
  const { objectIn, yamlOf } = await import('./yaml-text.ts');
  const text = `# ${noun.kind} ${noun.name} of ${noun.source}, as it was before an edit.\n${yamlOf(maskSecrets(before))}`;
  try {
    if (!isDeepStrictEqual(unmask(objectIn(text), after), before)) return null;
  } catch {
    return null;
  }
  const name = createHash('sha256').update(`${noun.id}\n${text}`).digest('hex').slice(0, 16);
  return { file: join(folder, `${name}.yaml`), text };
}

/** Writes it, for its owner alone, and drops those that nothing can need any more. Throws what the file system says. */
export function keepText({ file, text }: KeptText): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const oldest = Date.now() - KEPT_MS;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: oldest };
    if (mtimeMs < oldest) rmSync(path, { force: true });
  }
  writeFileSync(file, text, { mode: 0o600 });
}
