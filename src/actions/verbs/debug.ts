import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { printable } from '../../model/printable.ts';
import { Refusal, type Right } from '../../sources/client.ts';
import { NotDone, why } from '../attempt.ts';
import { kubectl } from '../kubernetes.ts';
import { at, uidOf } from '../prove.ts';
import { InputError, type Plan, type Seat, type Subject, Unfit, type Verb } from '../verb.ts';
import { wordsOf } from '../words.ts';
import { held } from './exec.ts';

/** A pod that nobody ends is ended by the system after so many seconds. */
const LONGEST_S = 4 * 3600;
const START_MS = 120_000;
const EVERY_MS = 500;
const DEFAULT_IMAGE = 'busybox:1.36';
/** Nothing comes of waiting any longer. */
const HOPELESS = ['ImagePullBackOff', 'InvalidImageName', 'CreateContainerConfigError', 'CreateContainerError'];

/** A pod of its own in the namespace, with a terminal, that goes with its shell. */
export const debug: Verb = {
  name: 'debug',
  title: 'Debug pod',
  help: 'A one-off pod in the same namespace, with a shell; it is removed at the end',
  kinds: ['replica', 'workload'],
  session: true,
  unfit: noun =>
    'system' in noun && noun.system === 'swarm'
      ? 'Swarm runs no single containers: docker run does, on one engine'
      : null,
  fields: () => [
    { name: 'image', label: 'image', initial: DEFAULT_IMAGE },
    { name: 'command', label: 'command', initial: 'sh', help: 'what runs in it' },
  ],
  plan(subject, { image = DEFAULT_IMAGE, command = 'sh' }): Plan {
    const { noun, client } = subject;
    const namespace = 'namespace' in noun ? (noun.namespace ?? null) : null;
    const words = wordsOf(command);
    if (namespace === null) throw new Unfit(`${noun.name} stands in no namespace`);
    if (!/^[\w][\w./:@-]*$/.test(image.trim())) throw new InputError('image', 'the name of an image is wanted');
    if (words === null || words.length === 0) throw new InputError('command', 'a command is wanted, such as sh');
    const name = `debug-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
    const pod = podOf(name, image.trim(), words);
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
    const run = `run ${name} --rm -it --restart=Never --image=${image.trim()} --command -- ${command.trim()}`;
    return {
      command: printable(`${kubectl(noun)} ${run}`),
      risk: 'safe',
      changes: [],
      notes: [
        `makes the pod ${name} in ${namespace}, and removes it at the end`,
        `should it be left behind, it ends by itself after ${LONGEST_S / 3600} h`,
      ],
      rights: ['create', 'delete', 'attach'].map(verb => rightOn(namespace, verb)),
      edits: [],
      session: {
        background: false,
        run: seat => inside({ path, name, pod, title: `${name} in ${namespace}, of ${client.target}`, client }, seat),
      },
      proofs: [],
      standing: async () => ({ state: 'done', words: 'ended' }),
      inverse: null,
    };
  },
};

function rightOn(namespace: string, verb: string): Right {
  const right = { group: '', resource: 'pods', namespace };
  return verb === 'attach' ? { ...right, verb: 'create', subresource: 'attach' } : { ...right, verb };
}

function podOf(name: string, image: string, command: readonly string[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { run: name, 'app.kubernetes.io/managed-by': 'quarterdeck' } },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: LONGEST_S,
      terminationGracePeriodSeconds: 1,
      // With the terminal its shell goes, and with that the pod ends.
      containers: [{ name: 'debug', image, command, stdin: true, stdinOnce: true, tty: true }],
    },
  };
}

interface Made extends Pick<Subject, 'client'> {
  /** Where pods are made. */
  path: string;
  name: string;
  pod: object;
  title: string;
}

async function inside({ path, name, pod, title, client }: Made, seat: Seat) {
  if (!seat.console.hasTerminal) throw new NotDone('refused', 'a debug pod needs a terminal');
  const own = `${path}/${name}`;
  const begun = performance.now();
  const made = await seat.send({ method: 'POST', path, body: pod });
  try {
    await running(own, client, seat);
    const head = `${title}: exit or Ctrl-D removes it; Enter shows the prompt`;
    const code = await seat.console.lend(head, terminal =>
      held({ path: own, container: 'debug' }, null, seat, terminal),
    );
    const seconds = Math.round((performance.now() - begun) / 1000);
    await remove(own, made, seat);
    return { words: `exit code ${code ?? 'not told'} after ${seconds} s; the pod is removed`, exitCode: code };
  } catch (error) {
    const left = await remove(own, made, seat).then(
      () => 'the pod is removed',
      later => `and the pod ${name} is left behind: ${why(later)}`,
    );
    const outcome = error instanceof NotDone ? error.outcome : 'failed';
    throw new NotDone(outcome, `${seat.signal.aborted ? 'left before it ended' : why(error)}; ${left}`, error);
  }
}

/** Until its container runs. Throws a NotDone when it does not. */
async function running(path: string, client: Subject['client'], seat: Seat): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    const pod = await client.get(path, seat.signal);
    const [status] = (at(pod, ['status', 'containerStatuses']) ?? []) as unknown[];
    const waiting = at(status, ['state', 'waiting', 'message']) ?? at(status, ['state', 'waiting', 'reason']);
    const conditions = (at(pod, ['status', 'conditions']) ?? []) as { message?: string }[];
    const words = printable(String(waiting ?? conditions.find(({ message }) => message)?.message ?? 'it starts'), 400);
    if (at(status, ['state', 'running']) !== null) return;
    if (at(status, ['state', 'terminated']) !== null)
      throw new NotDone('failed', 'it ended before it could be attached to');
    if (HOPELESS.includes(String(at(status, ['state', 'waiting', 'reason'])))) throw new NotDone('failed', words);
    if (performance.now() > end) throw new NotDone('failed', `it does not run after ${START_MS / 1000} s: ${words}`);
    seat.tell(words);
    await sleep(EVERY_MS, undefined, { signal: seat.signal });
  }
}

const REMOVED_MS = 10_000;

/** Also when the program ends: by its identity, so that no other one under the name goes. */
async function remove(path: string, made: unknown, seat: Seat): Promise<void> {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: 1,
    preconditions: { uid: uidOf(made) },
  };
  try {
    await seat.send({ method: 'DELETE', path, body }, AbortSignal.timeout(REMOVED_MS));
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
  }
}
