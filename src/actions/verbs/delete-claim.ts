import type { Claim } from '../../model/entity.ts';
import { deletionOf, goneStanding, kubectl, right } from '../kubernetes.ts';
import { at, uidOf } from '../prove.ts';
import type { Verb } from '../verb.ts';

/** A claim on a volume goes, and with most storage classes what is written there. */
export const deleteClaim: Verb = {
  name: 'delete-claim',
  title: 'Delete the volume claim',
  help: 'Give a volume back: what is written there is lost, unless its class retains it',
  kinds: ['claim'],
  unfit: () => null,
  plan(subject) {
    const { path, object } = subject;
    const noun = subject.noun as Claim;
    const uid = uidOf(object);
    const finalizers = at(object, ['metadata', 'finalizers']);
    const guarded = Array.isArray(finalizers) && finalizers.includes('kubernetes.io/pvc-protection');
    return {
      command: `${kubectl(noun)} delete pvc/${noun.name}`,
      risk: 'destructive',
      changes: [{ what: 'claim', from: noun.state, to: 'nothing' }],
      notes: [
        `volume ${noun.volume ?? 'unknown'}${noun.storageClass ? `, class ${noun.storageClass}` : ''}`,
        ...(guarded ? ['while a pod uses it, it only goes when that pod has ended'] : []),
        'there is no way back',
      ],
      rights: [right(path, 'delete')],
      edits: [deletionOf(subject, { anyVersion: true })],
      proofs: uid === null ? [] : [{ path, gone: uid }],
      standing: signal => goneStanding(subject, signal, () => 'it waits for the pods that use it'),
      inverse: null,
    };
  },
};
