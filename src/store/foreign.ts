import type { Deed, Ending, Intent } from '../model/deed.ts';
import { printable } from '../model/printable.ts';

/**
 * A deed as another program wrote it, possibly of another version: every text of it printable. null where it is none, or
 * lacks something that is shown.
 */
export function foreignDeed(intent: unknown, ending: unknown): Deed | null {
  const begun = safely(intent);
  const ended = ending === null ? null : safely(ending);
  return isIntent(begun) && (ended === null || isEnding(ended)) ? { intent: begun, ending: ended } : null;
}

/** What another program wrote, with every text and name in it printable; undefined where it is no JSON. */
export function safely(body: unknown): unknown {
  try {
    return allPrintable(JSON.parse(String(body)));
  } catch {
    return undefined;
  }
}

function allPrintable(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map(allPrintable);
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [printable(key), allPrintable(inner)]));
}

function isIntent(value: unknown): value is Intent {
  if (!isTree(value)) return false;
  const { target, process, changes, input, inverse, proofs, at, reason, sshClient } = value;
  return (
    areTexts(value, ['id', 'operator', 'system', 'verb', 'command', 'risk']) &&
    typeof at === 'number' &&
    isTree(input) &&
    isTree(target) &&
    areTexts(target, ['id', 'kind', 'name', 'source']) &&
    isTree(process) &&
    areTexts(process, ['host']) &&
    Array.isArray(changes) &&
    changes.every(change => isTree(change) && areTexts(change, ['what', 'from', 'to'])) &&
    Array.isArray(proofs) &&
    [reason, sshClient].every(text => text === null || typeof text === 'string') &&
    (inverse === null || isTree(inverse))
  );
}

function isEnding(value: unknown): value is Ending {
  return (
    isTree(value) &&
    areTexts(value, ['id', 'words']) &&
    ['done', 'refused', 'failed', 'unknown'].includes(String(value.outcome)) &&
    typeof value.at === 'number'
  );
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const areTexts = (value: Record<string, unknown>, names: string[]): boolean =>
  names.every(name => typeof value[name] === 'string');
