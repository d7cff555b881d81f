import type { Fleet } from '../fleet/fleet.ts';
import type { Deed, Input, Target } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { objectFrom } from '../model/object-id.ts';
import type { Journal } from '../store/journal.ts';
import { prove } from './prove.ts';
import { Unfit, type Verb } from './verb.ts';
import { verbNamed } from './verbs.ts';

const UNDOABLE_MS = 24 * 3_600_000;

/** The operator's last deed that can be taken back, and has not been: others know why they did theirs. */
export function lastUndoable(journal: Journal, operator: string, now: number): Deed | null {
  const deeds = journal.deeds({ since: now - UNDOABLE_MS, limit: 100 });
  const undone = new Set(deeds.map(({ intent }) => intent.input.undoes));
  return (
    deeds.findLast(
      ({ intent, ending }) =>
        intent.operator === operator && intent.inverse !== null && ending?.outcome === 'done' && !undone.has(intent.id),
    ) ?? null
  );
}

/** What a deed was done to, as it is now; of what is not watched, as the journal has it. Undefined: it is gone. */
export function targetOf(target: Target, fleet: Fleet): Noun | undefined {
  if (target.kind === 'object') return objectFrom(target.id, target) ?? undefined;
  return fleet.get(target.kind, target.id);
}

/** The verb, target and input that take a deed back. Throws an Unfit when the target has moved on since. */
export async function wayBack(
  { intent }: Deed,
  fleet: Fleet,
  signal: AbortSignal,
): Promise<{ verb: Verb; noun: Noun; input: Input }> {
  const noun = targetOf(intent.target, fleet);
  const verb = verbNamed(intent.inverse?.verb ?? '');
  if (!intent.inverse || !verb) throw new Unfit(`${intent.verb} of ${intent.target.name} has no way back`);
  if (!noun) throw new Unfit(`${intent.target.name} is gone`);
  if (noun.uid !== intent.target.uid) throw new Unfit(`${intent.target.name} is another one now`);
  const client = fleet.source(noun.source)?.client?.();
  if (client && (await prove(intent.proofs, client, signal)) !== true) {
    throw new Unfit(`${noun.name} has moved on since: it is no longer as "${intent.command}" left it`);
  }
  return { verb, noun, input: { ...intent.inverse.input, undoes: intent.id } };
}
