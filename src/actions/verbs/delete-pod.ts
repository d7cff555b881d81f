import type { Replica } from '../../model/entity.ts';
import { deletionOf, goneStanding, kubectl, right } from '../kubernetes.ts';
import { touched } from '../pods.ts';
import { uidOf } from '../prove.ts';
import { InputError, type Verb } from '../verb.ts';

/** A pod goes; who keeps it running makes another. */
export const deletePod: Verb = {
  name: 'delete-pod',
  title: 'Delete the pod',
  help: 'End a pod; its workload makes another in its place',
  kinds: ['replica'],
  unfit: noun => ((noun as Replica).system === 'swarm' ? 'a task cannot be deleted: restart its service' : null),
  fields: () => [
    {
      name: 'grace',
      label: 'grace, s',
      initial: '',
      help: 'seconds until it is killed; empty: its own; 0: at once, and also on a node that does not answer',
      optional: true,
    },
  ],
  plan(subject, { grace = '' }) {
    const { path, object } = subject;
    const noun = subject.noun as Replica;
    const seconds = secondsOf(grace);
    const uid = uidOf(object);
    const options = seconds === null ? '' : ` --grace-period=${seconds}${seconds === 0 ? ' --force' : ''}`;
    return {
      command: `${kubectl(noun)} delete pod/${noun.name}${options}`,
      risk: seconds === 0 ? 'destructive' : 'disruptive',
      changes: [],
      notes: [
        ...touched(subject),
        ...(seconds === 0 ? ['it is forgotten at once, whether it has ended or not: two may write to one volume'] : []),
      ],
      rights: [right(path, 'delete')],
      edits: [deletionOf(subject, { anyVersion: true, ...(seconds !== null && { grace: seconds }) })],
      proofs: uid === null ? [] : [{ path, gone: uid }],
      standing: signal => goneStanding(subject, signal, () => 'it ends'),
      inverse: null,
    };
  },
};

function secondsOf(text: string): number | null {
  if (text.trim() === '') return null;
  if (!/^\s*\d{1,6}\s*$/.test(text)) throw new InputError('grace', 'a number of seconds is wanted, or nothing');
  return Number(text);
}
