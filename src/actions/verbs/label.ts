import type { Node } from '../../model/entity.ts';
import { shellWord } from '../../text/shell.ts';
import { kubectl, patchOf, right } from '../kubernetes.ts';
import { at } from '../prove.ts';
import { updateOf } from '../swarm.ts';
import { type Edit, InputError, type Plan, type Verb } from '../verb.ts';

/** One label of a node, set or taken away. */
export const label: Verb = {
  name: 'label',
  title: 'Label',
  help: 'Set one label of a node, or take it away: name=value, name-',
  kinds: ['node'],
  parts: [{ at: ['metadata', 'labels'] }, { at: ['Spec', 'Labels'] }],
  unfit: noun => (noun.kind === 'node' ? null : 'only nodes are labelled'),
  fields: () => [{ name: 'label', label: 'label', initial: '', help: 'name=value sets it, name- takes it away' }],
  plan(subject, { label: text = '' }) {
    const { path, object, client } = subject;
    const noun = subject.noun as Node;
    const isSwarm = noun.system === 'swarm';
    const [name, value] = parse(text);
    const where = [...(isSwarm ? ['Spec', 'Labels'] : ['metadata', 'labels']), name];
    const was = at(object, where) as string | null;
    if (value === null && was === null) throw new InputError('label', `it has no label ${name}`);
    const edit = isSwarm
      ? updateOf(subject, spec => ({ ...spec, Labels: withLabel(spec.Labels as object | undefined, name, value) }))
      : patchOf(subject, { metadata: { labels: { [name]: value } } });
    return {
      command: commandFor(noun, name, value, was !== null),
      risk: 'disruptive',
      changes: [{ what: name, from: was ?? 'not there', to: value ?? 'not there' }],
      notes: [
        ...(was === value ? ['it already is so'] : []),
        'what is placed by this label may move, or find no place any more',
      ],
      rights: isSwarm ? [] : [right(path, 'patch')],
      edits: [keeping(edit, where, was)],
      proofs: [{ path, at: where, is: value }],
      async standing(signal) {
        const there = at(await client.get(path, signal), where) === value;
        const words = value === null ? `${name} is gone` : `${name} is ${value}`;
        return there ? { state: 'done', words } : { state: 'failed', words: `somebody has changed ${name} again` };
      },
      inverse: was === value ? null : { verb: 'label', input: { label: was === null ? `${name}-` : `${name}=${was}` } },
    } satisfies Plan;
  },
};

/** The name and its value, null where it is to go. */
function parse(text: string): [string, string | null] {
  const [, name, value, minus] = /^([\w./-]*\w)(?:=(.*)|(-))$/.exec(text.trim()) ?? [];
  if (!name || (value === undefined && !minus)) throw new InputError('label', 'name=value or name- is wanted');
  return [name, value ?? null];
}

function withLabel(labels: object | undefined, name: string, value: string | null): object {
  const { [name]: _, ...others } = (labels ?? {}) as Record<string, string>;
  return value === null ? others : { ...others, [name]: value };
}

/** Kubernetes keeps labels beside what is wanted: whether somebody else has set this one has to be looked at as well. */
function keeping(edit: Edit, where: string[], was: string | null): Edit {
  return {
    ...edit,
    moved(fresh) {
      const now = at(fresh, where);
      return (
        edit.moved(fresh) ?? (now === was ? null : `${where.at(-1)} was changed meanwhile: ${String(now ?? 'gone')}`)
      );
    },
  };
}

function commandFor(noun: Node, name: string, value: string | null, isThere: boolean): string {
  if (noun.system === 'swarm') {
    const change = value === null ? `--label-rm ${name}` : `--label-add ${shellWord(`${name}=${value}`)}`;
    return `docker node update ${change} ${noun.name}`;
  }
  const change = value === null ? `${name}-` : shellWord(`${name}=${value}`);
  return `${kubectl(noun)} label node ${noun.name} ${change}${isThere && value !== null ? ' --overwrite' : ''}`;
}
