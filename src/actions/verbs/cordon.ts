import { kubectl, patchOf, right } from '../kubernetes.ts';
import { at } from '../prove.ts';
import type { Plan, Subject, Verb } from '../verb.ts';

const CLOSED = ['spec', 'unschedulable'];

/** No new pods for a Kubernetes node; those that it has stay. */
export const cordon: Verb = {
  name: 'cordon',
  title: 'Cordon',
  help: 'Let a Kubernetes node take no new pods; those that it has stay',
  kinds: ['node'],
  parts: [{ at: CLOSED, to: [true] }],
  unfit: noun => ofKubernetes(noun.kind === 'node' ? noun.system : null),
  plan: subject => planned(subject, true),
};

export const uncordon: Verb = {
  name: 'uncordon',
  title: 'Uncordon',
  help: 'Let a Kubernetes node take new pods again',
  kinds: ['node'],
  parts: [{ at: CLOSED, to: [false, null] }],
  unfit: noun => ofKubernetes(noun.kind === 'node' ? noun.system : null),
  plan: subject => planned(subject, false),
};

function ofKubernetes(system: string | null): string | null {
  if (system === 'kubernetes') return null;
  return system === 'swarm' ? 'a node of a swarm has an availability instead' : 'only nodes are cordoned';
}

function planned(subject: Subject, closed: boolean): Plan {
  const { noun, path, object, client } = subject;
  const word = closed ? 'cordon' : 'uncordon';
  const was = isCordoned(object);
  return {
    command: `${kubectl(noun)} ${word} ${noun.name}`,
    risk: 'safe',
    changes: [{ what: 'new pods', from: takes(was), to: takes(closed) }],
    notes: was === closed ? ['it already is so'] : [],
    rights: [right(path, 'patch')],
    edits: [cordonEdit(subject, closed)],
    proofs: [cordonProof(path, closed)],
    async standing(signal) {
      const there = isCordoned(await client.get(path, signal)) === closed;
      return { state: there ? 'done' : 'under way', words: closed ? 'takes no new pods' : 'takes new pods' };
    },
    inverse: was === closed ? null : { verb: closed ? 'uncordon' : 'cordon', input: {} },
  };
}

/** The field is left out where pods are taken. */
export function cordonEdit(subject: Subject, closed: boolean) {
  return patchOf(subject, { spec: { unschedulable: closed || null } });
}

export function cordonProof(path: string, closed: boolean) {
  return { path, at: CLOSED, is: closed || null };
}

export function isCordoned(node: unknown): boolean {
  return at(node, CLOSED) === true;
}

function takes(closed: boolean): string {
  return closed ? 'none' : 'taken';
}
