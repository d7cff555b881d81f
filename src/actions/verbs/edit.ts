import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Noun } from '../../model/entity.ts';
import { MaskTouched, unmask } from '../../model/unmask.ts';
import { changesBetween } from '../changes.ts';
import { editable, isCurrent, parsed } from '../draft-text.ts';
import { textBefore } from '../kept-text.ts';
import { kubectl, patchOf, resource, right, rolledOut } from '../kubernetes.ts';
import { mergePatch } from '../merge-patch.ts';
import { at } from '../prove.ts';
import { serviceStanding, updateOf } from '../swarm.ts';
import { type Draft, InputError, type Standing, type Subject, Unfit, type Verb } from '../verb.ts';

/** An object as an edited text says it; the text is made by drafts.ts, or by whoever has a file. */
export const edit: Verb = {
  name: 'edit',
  title: 'Edit',
  help: 'The object as YAML in your editor; what changed is shown before it is written',
  kinds: ['workload', 'replica', 'service', 'claim', 'route', 'node', 'object'],
  unfit: noun => (isSwarm(noun) && noun.kind === 'replica' ? 'a task is not edited: edit its service' : null),
  fields: () => [
    {
      name: 'file',
      label: 'file',
      initial: '',
      help: 'the changed YAML; without it your editor is opened',
      optional: true,
    },
  ],
  async plan(subject, { file = '', undoes }): Promise<Draft> {
    const { noun, path, object, client } = subject;
    if (file.trim() === '') throw new InputError('file', 'the changed YAML is wanted');
    if (undoes !== undefined && !existsSync(file)) throw new Unfit(`the text that ${noun.name} had before is gone`);
    const before = editable(noun, object);
    const after = await wanted(subject, file.trim(), before);
    const changes = changesBetween(before, after);
    if (changes.length === 0) throw new Unfit('nothing was changed');
    const patch = mergePatch(before, after);
    const swarm = isSwarm(noun);
    const keeps = subject.texts === null ? null : await textBefore(subject.texts, noun, before, after);
    return {
      command: swarm
        ? `docker ${noun.kind === 'node' ? 'node' : 'service'} update ${noun.name} (as the text says)`
        : `${kubectl(noun)} edit ${resource(noun)}`,
      risk: 'disruptive',
      changes,
      notes: [
        ...(noun.kind === 'workload' && (at(patch, ['spec', 'template']) ?? at(patch, ['TaskTemplate'])) !== null
          ? ['what it runs is changed: every replica is replaced']
          : []),
        ...(keeps === null && subject.texts !== null
          ? ['it changes a secret, which is kept nowhere: there is no way back']
          : []),
      ],
      rights: swarm ? [] : [right(path, 'patch')],
      edits: [swarm ? updateOf(subject, () => after as Record<string, unknown>) : patchOf(subject, patch)],
      standing: async signal => (swarm ? ofSwarm(subject, signal) : ofKubernetes(noun, await client.get(path, signal))),
      ...(keeps && { keeps }),
      inverse: keeps && { verb: 'edit', input: { file: keeps.file } },
    };
  },
};

/** The object as the text wants it, with the secrets that were left alone. */
async function wanted({ noun, object }: Subject, file: string, before: unknown): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError('file', `${file} cannot be read: ${error.code ?? error.message}`);
  });
  if (isCurrent(text, noun, object) === false) {
    throw new Unfit(`${noun.name} was changed by somebody else since the text was opened: open it anew`);
  }
  const edited = (await parsed(text)) as Record<string, unknown> & { metadata?: Record<string, unknown> };
  try {
    const after = unmask(edited, before) as typeof edited;
    if (isSwarm(noun)) return after;
    const own = at(before, ['metadata']) as Record<string, unknown>;
    for (const key of ['name', 'namespace', 'uid'] as const) {
      const said = after.metadata?.[key];
      if (said !== undefined && said !== own[key]) {
        throw new InputError('file', `metadata.${key} says ${String(said)}: that is another object`);
      }
    }
    if (after.kind !== (before as typeof edited).kind) throw new InputError('file', 'kind cannot be changed');
    const { name, namespace, uid, resourceVersion, generation, creationTimestamp } = own;
    const kept = { name, namespace, uid, resourceVersion, generation, creationTimestamp };
    const defined = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
    const { status: _, ...rest } = after;
    return { ...rest, metadata: { ...after.metadata, ...defined } };
  } catch (error) {
    if (error instanceof MaskTouched) throw new InputError('file', error.message);
    throw error;
  }
}

function isSwarm(noun: Noun): boolean {
  return 'system' in noun && noun.system === 'swarm';
}

function ofSwarm(subject: Subject, signal: AbortSignal): Promise<Standing> | Standing {
  return subject.noun.kind === 'workload' ? serviceStanding(subject, signal) : { state: 'done', words: 'taken' };
}

function ofKubernetes(noun: Noun, object: unknown): Standing {
  const rolls = noun.kind === 'workload' && !/Job$/.test(noun.type);
  return rolls ? rolledOut(noun.type, object) : { state: 'done', words: 'taken' };
}
