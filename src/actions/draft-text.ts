import { createHash } from 'node:crypto';
import type { Noun } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { maskSecrets } from '../model/secrets.ts';
import { at } from './prove.ts';
import { InputError } from './verb.ts';

type Fields = Record<string, unknown>;

/** What kubectl and the controllers keep there for themselves. */
const THEIRS = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision'];

/** The part of an object that an operator may change: of Kubernetes all but the status, of Swarm the specification. */
export function editable(noun: Noun, object: unknown): unknown {
  if ('system' in noun && noun.system === 'swarm') return at(object, ['Spec']);
  const { status: _, metadata, ...rest } = structuredClone(object ?? {}) as Fields & { metadata?: Fields };
  const { managedFields: __, ...meta } = metadata ?? {};
  const annotations = { ...(meta.annotations as Fields | undefined) };
  for (const name of THEIRS) delete annotations[name];
  if (meta.annotations !== undefined) meta.annotations = annotations;
  return { ...rest, metadata: meta };
}

/** What an editor is opened with: masked, and with a mark of what it was made from. */
export async function draftText(noun: Noun, object: unknown): Promise<string> {
  const { yamlOf } = await import('./yaml-text.ts');
  const head = [
    `# ${noun.kind} ${noun.name} of ${noun.source}. Saved and closed, what changed is shown before anything is written.`,
    '# Eight asterisks are a secret that is kept as it is; another value in their place replaces it.',
    `# ${BASE}${baseOf(noun, object)}`,
  ];
  return `${head.join('\n')}\n${yamlOf(maskSecrets(editable(noun, object)))}`;
}

const BASE = 'made from ';

/** Whether a text was made from the object as it is now; null: it does not say. */
export function isCurrent(text: string, noun: Noun, object: unknown): boolean | null {
  const [, base] = new RegExp(`^# ${BASE}([0-9a-f]{16})\\b`, 'm').exec(text) ?? [];
  return base === undefined ? null : base === baseOf(noun, object);
}

/** Without what changes at each write, of others too. */
function baseOf(noun: Noun, object: unknown): string {
  const { metadata, ...rest } = maskSecrets(editable(noun, object)) as Fields & { metadata?: Fields };
  const { resourceVersion: _, generation: __, ...meta } = metadata ?? {};
  return createHash('sha256')
    .update(JSON.stringify({ ...rest, metadata: meta }))
    .digest('hex')
    .slice(0, 16);
}

/** The value that a text says. Throws an InputError. */
export async function parsed(text: string): Promise<unknown> {
  const { objectIn } = await import('./yaml-text.ts');
  try {
    const value: unknown = objectIn(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new InputError('file', `it is not YAML: ${printable((error as Error).message.split('\n')[0] ?? '', 200)}`);
  }
  throw new InputError('file', 'it holds no object');
}
