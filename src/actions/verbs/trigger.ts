import type { Workload } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { counted } from '../../text/format.ts';
import { kubectl, moved } from '../kubernetes.ts';
import { at, uidOf } from '../prove.ts';
import type { Edit, Standing, Subject, Verb } from '../verb.ts';

/** Names of jobs become labels of pods: 63 characters, with what is put behind them. */
const LONGEST = 40;

/** A CronJob runs now, beside its schedule. */
export const trigger: Verb = {
  name: 'trigger',
  title: 'Run now',
  help: 'Start a job from a CronJob now, beside its schedule',
  kinds: ['workload'],
  unfit: noun => (noun.kind === 'workload' && noun.type === 'CronJob' ? null : 'only CronJobs are triggered'),
  plan(subject) {
    const { path, object, client, now } = subject;
    const noun = subject.noun as Workload;
    const name = `${noun.name.slice(0, LONGEST)}-manual-${Math.floor(now / 1000).toString(36)}`;
    const job = `${path.replace(/\/cronjobs\/[^/]+$/, '/jobs')}/${name}`;
    return {
      command: `${kubectl(noun)} create job ${name} --from=cronjob/${noun.name}`,
      risk: 'disruptive',
      changes: [{ what: 'job', from: 'nothing', to: name }],
      notes: notes(noun, object),
      rights: [{ verb: 'create', group: 'batch', resource: 'jobs', namespace: noun.namespace }],
      edits: [jobOf(subject, job, name)],
      proofs: [{ path: job, at: ['metadata', 'name'], is: name }],
      standing: async signal => begun(await client.get(job, signal)),
      inverse: null,
    };
  },
};

/** As `kubectl create job --from` makes it (kubectl pkg/cmd/create/create_job.go). */
function jobOf({ noun, path, object }: Subject, job: string, name: string): Edit {
  return {
    path,
    seen: object,
    moved: fresh => moved(noun, object, fresh),
    isBlind: true,
    write: () => ({
      method: 'POST',
      path: job.slice(0, job.lastIndexOf('/')),
      body: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name,
          labels: at(object, ['spec', 'jobTemplate', 'metadata', 'labels']) ?? undefined,
          annotations: {
            ...(at(object, ['spec', 'jobTemplate', 'metadata', 'annotations']) as object | null),
            'cronjob.kubernetes.io/instantiate': 'manual',
          },
          ownerReferences: [
            { apiVersion: 'batch/v1', kind: 'CronJob', name: noun.name, uid: uidOf(object), controller: true },
          ],
        },
        spec: at(object, ['spec', 'jobTemplate', 'spec']),
      },
    }),
  };
}

function notes({ schedule }: Workload, object: unknown): string[] {
  const active = at(object, ['status', 'active']);
  const running = Array.isArray(active) ? active.length : 0;
  return [
    `its schedule ${schedule ?? ''} stays as it is`.replace('  ', ' '),
    ...(at(object, ['spec', 'suspend']) === true ? ['it is suspended; this run begins all the same'] : []),
    ...(running > 0
      ? [`${counted(running, 'job')} of it still ${running === 1 ? 'runs' : 'run'}, this one beside`]
      : []),
  ];
}

/** Done when its pod runs; how it ends can take hours, and stands in the job's row. */
function begun(job: unknown): Standing {
  const conditions = at(job, ['status', 'conditions']);
  const failed = (Array.isArray(conditions) ? conditions : []).find(
    ({ type, status }) => type === 'Failed' && status === 'True',
  );
  if (failed)
    return { state: 'failed', words: `the job failed: ${printable(String(failed.message ?? failed.reason))}` };
  if (Number(at(job, ['status', 'succeeded']) ?? 0) > 0) return { state: 'done', words: 'the job has ended well' };
  if (Number(at(job, ['status', 'ready']) ?? 0) > 0) return { state: 'done', words: 'the job runs' };
  return { state: 'under way', words: at(job, ['status', 'active']) ? 'its pod starts' : 'it waits for its pod' };
}
