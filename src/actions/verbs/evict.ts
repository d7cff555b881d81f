import type { Replica } from '../../model/entity.ts';
import { goneStanding, kubectl, moved, right } from '../kubernetes.ts';
import { touched } from '../pods.ts';
import { uidOf } from '../prove.ts';
import type { Edit, Subject, Verb } from '../verb.ts';

/** A pod goes, when its disruption budget lets it. */
export const evict: Verb = {
  name: 'evict',
  title: 'Evict the pod',
  help: 'End a pod as a drain does: only when its disruption budget allows it',
  kinds: ['replica'],
  unfit: noun => ((noun as Replica).system === 'swarm' ? 'Swarm knows no evictions: restart its service' : null),
  plan(subject) {
    const { path, object } = subject;
    const noun = subject.noun as Replica;
    const uid = uidOf(object);
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: noun.name, namespace: noun.namespace },
    };
    return {
      // kubectl has no command for a single one.
      command: `echo '${JSON.stringify(body)}' | ${kubectl(noun)} create --raw ${path}/eviction -f -`,
      risk: 'disruptive',
      changes: [],
      notes: touched(subject),
      rights: [right(path, 'create', 'eviction')],
      edits: [evictionOf(subject, body)],
      proofs: uid === null ? [] : [{ path, gone: uid }],
      standing: signal => goneStanding(subject, signal, () => 'it ends'),
      inverse: null,
    };
  },
};

function evictionOf({ noun, path, object }: Subject, body: object): Edit {
  return {
    path,
    seen: object,
    moved: fresh => moved(noun, object, fresh),
    write: () => ({
      method: 'POST',
      path: `${path}/eviction`,
      body: { ...body, deleteOptions: { preconditions: { uid: uidOf(object) } } },
    }),
  };
}
