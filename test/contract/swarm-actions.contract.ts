import { at } from '../../src/actions/prove.ts';
import { type ActionsBed, actionsContract, type Row } from './actions.ts';
import { APP_2 } from './swarm-specs.ts';
import { lateImage, type SwarmSystem } from './swarm-system.ts';

type Of = Row<SwarmSystem>;

const PART = {
  replicas: ['Spec', 'Mode', 'Replicated', 'Replicas'],
  restarts: ['Spec', 'TaskTemplate', 'ForceUpdate'],
  image: ['Spec', 'TaskTemplate', 'ContainerSpec', 'Image'],
  availability: ['Spec', 'Availability'],
  role: ['Spec', 'Role'],
};
const NOWHERE = 'bed/none:9';
const NOT_RUNNING = /^not there after .*: 0 of \d run/;
/** Its own tries end before that. */
const LONG = 60_000;
const THERE = 'it is so with the write';
const GONE = 'what is gone is gone';
const SLOW = 'to become a worker takes a manager 10 to 20 seconds';
const BY_IDENTITY = 'it is meant whatever has been changed of it';

const running: Of['make'] = (system, name) => system.service(name);
const missing: Of['make'] = (system, name) => system.service(name, { image: NOWHERE });
const unready = { make: missing, words: NOT_RUNNING };

const SERVICES: Of[] = [
  { verb: 'scale', make: running, input: () => ({ replicas: '+1' }), part: PART.replicas, to: 2, stuck: unready },
  { verb: 'restart', make: running, part: PART.restarts, to: 1, stuck: unready, noWayBack: 'what has ended has ended' },
  {
    verb: 'restart',
    of: 'a task',
    make: (system, name) => system.task(name),
    part: PART.restarts,
    to: 1,
    stuck: {
      make: (system, name) => system.task(name, { stubborn: true }),
      words: /^not there after .*: \d of 1 run.*(updating|more to end)(; .+: .+)?$/,
    },
    noWayBack: 'what has ended has ended',
  },
  {
    verb: 'edit',
    make: running,
    input: async (target, system) => ({ file: await system.text(target, { Mode: { Replicated: { Replicas: 2 } } }) }),
    part: PART.replicas,
    to: 2,
    stuck: unready,
  },
  {
    verb: 'rollback',
    make: (system, name) => system.updated(name),
    part: ['Spec'],
    stuck: {
      make: (system, name) => system.updated(name, NOWHERE),
      outcome: 'failed',
      words: /^the rollback is paused/,
      limitMs: LONG,
    },
  },
  {
    verb: 'rebuild',
    make: (system, name) => system.service(name, { runs: true }),
    // Down, and up as another.
    part: async (_, target) => {
      const object = await target.read();
      return [at(object, PART.replicas), at(object, PART.restarts)];
    },
    to: [1, 1],
    stuck: unready,
    noWayBack: 'what has ended has ended',
  },
  {
    verb: 'resume',
    make: (system, name) => system.paused(name),
    input: async ({ name }, system) => {
      await system.nodes.provide(lateImage(name), 'mended');
      return {};
    },
    part: ['UpdateStatus', 'StartedAt'],
    // Its image is still broken: its task comes and goes.
    stuck: { input: () => ({}), words: /^not there after .*: [01] of 1 run/ },
    noWayBack: 'Swarm keeps only what was updated with nothing to change',
  },
  {
    verb: 'set-image',
    make: running,
    input: () => ({ image: APP_2 }),
    part: PART.image,
    to: APP_2,
    stuck: { input: () => ({ image: NOWHERE }), words: NOT_RUNNING },
  },
  {
    verb: 'set-resources',
    make: running,
    input: () => ({ 'memory-limit': '64Mi' }),
    part: ['Spec', 'TaskTemplate', 'Resources', 'Limits', 'MemoryBytes'],
    to: 64 * 2 ** 20,
    stuck: unready,
  },
  {
    verb: 'delete',
    make: running,
    stuck: {
      make: (system, name) => system.service(name, { stubborn: true }),
      words: /^not there after .*: 1 task still to end(; .+: .+)?$/,
    },
    anyVersion: BY_IDENTITY,
    noWayBack: GONE,
  },
  {
    verb: 'remove-stack',
    make: (system, name) => system.stack(name),
    stuck: {
      make: (system, name) => system.stack(name, { stubborn: true }),
      words: /still to end$|still there$/,
    },
    changed: /^it would remove what was not shown: /,
    goneIsDone: 'nothing of it is left',
    noWayBack: GONE,
  },
];

const NODES: Of[] = [
  {
    verb: 'availability',
    make: system => system.node(),
    input: () => ({ availability: 'pause' }),
    part: PART.availability,
    to: 'pause',
    stuck: THERE,
  },
  {
    verb: 'drain',
    make: system => system.node(),
    part: PART.availability,
    to: 'drain',
    stuck: {
      make: (system, name) => system.node({ busy: name }),
      words: /^not there after .*: 1 task still to go(; .+: .+)?$/,
    },
  },
  {
    verb: 'label',
    make: system => system.node(),
    input: () => ({ label: 'zone=two words' }),
    part: ['Spec', 'Labels', 'zone'],
    to: 'two words',
    stuck: THERE,
  },
  {
    verb: 'remove',
    make: system => system.node(),
    input: () => ({ force: 'yes' }),
    stuck: THERE,
    anyVersion: BY_IDENTITY,
    noWayBack: 'it comes back by joining anew',
  },
  {
    verb: 'prune',
    make: (system, name) => system.waste(name),
    input: () => ({ what: 'containers' }),
    part: (system, { name }) => system.wasteOf(name),
    to: 0,
    stuck: THERE,
    changed: /^it would remove what was not shown: /,
    goneIsDone: 'nothing of it is left',
    noWayBack: GONE,
  },
  {
    verb: 'promote',
    make: system => system.node(),
    part: PART.role,
    to: 'manager',
    slow: SLOW,
    stuck: {
      input: async ({ name }, system) => {
        await system.nodes.partition(name);
        return {};
      },
      words: /^not there after .*: manager (not yet|unreachable|unknown)(; .+: .+)?$/,
    },
  },
  {
    verb: 'demote',
    make: system => system.node({ role: 'manager' }),
    part: PART.role,
    to: 'worker',
    slow: SLOW,
    // One that does not answer is not demoted: the others would be too few. So it is only not waited for.
    stuck: {
      limitMs: 0,
      words: /^not there after .*: still among the managers(; .+: .+)?$/,
      orDone: 'the answer may come when it is a worker already',
    },
  },
];

const OF_KUBERNETES = 'only Kubernetes has it';
const OF_CEPHFS = 'of directories: cephfs-actions.contract.ts';

export function swarmActions(
  open: () => Promise<ActionsBed & { system: SwarmSystem }>,
  { isReal }: { isReal: boolean },
): void {
  actionsContract({
    open,
    isReal,
    rows: SERVICES,
    alone: NODES,
    without: {
      exec: 'a session',
      'port-forward': OF_KUBERNETES,
      debug: OF_KUBERNETES,
      pause: OF_KUBERNETES,
      trigger: OF_KUBERNETES,
      evict: OF_KUBERNETES,
      'delete-pod': OF_KUBERNETES,
      'delete-claim': OF_KUBERNETES,
      cordon: OF_KUBERNETES,
      uncordon: OF_KUBERNETES,
      apply: OF_KUBERNETES,
      empty: OF_CEPHFS,
      quota: OF_CEPHFS,
      'deploy-stack': 'of the real swarm only: it is done by the docker command',
    },
  });
}
