import { type ActionsBed, actionsContract, type Row } from './actions.ts';
import { type KubernetesSystem, NOWHERE } from './kubernetes-system.ts';

type Of = Row<KubernetesSystem>;

const PART = {
  replicas: ['spec', 'replicas'],
  restarted: ['spec', 'template', 'metadata', 'annotations'],
  template: ['spec', 'template'],
  image: ['spec', 'template', 'spec', 'containers', '0', 'image'],
  resources: ['spec', 'template', 'spec', 'containers', '0', 'resources', 'limits'],
  cordoned: ['spec', 'unschedulable'],
};
const NOT_READY = /^not there after .*: (waits for the controller|\d of \d (renewed|ready)|\d more to end)(; .+: .+)?$/;
const THERE = 'it is so with the write';
const GONE = 'what is gone is gone';
const BY_IDENTITY = 'it is meant whatever has been changed of it';
const SESSION = 'a session: test/contract/kubernetes-sessions.ts';

const running: Of['make'] = (system, name) => system.deployment(name);
const missing: Of['make'] = (system, name) => system.deployment(name, { image: system.images.missing });
const unready = { make: missing, words: NOT_READY };

const WORKLOADS: Of[] = [
  {
    verb: 'scale',
    make: running,
    input: () => ({ replicas: '+1' }),
    part: PART.replicas,
    to: 2,
    stuck: unready,
  },
  {
    verb: 'restart',
    make: running,
    part: PART.restarted,
    stuck: unready,
    noWayBack: 'what has ended has ended',
  },
  {
    verb: 'edit',
    make: running,
    input: async (target, system) => ({ file: await system.text(target, { replicas: 2 }, { whole: true }) }),
    part: PART.replicas,
    to: 2,
    stuck: unready,
  },
  {
    verb: 'apply',
    make: running,
    input: async (target, system) => ({ file: await system.text(target, { replicas: 2 }), force: 'yes' }),
    part: PART.replicas,
    to: 2,
    stuck: unready,
    noWayBack: 'what others manage of it is not known',
    refusedWhilePlanned: 'it asks the server what would change',
  },
  {
    verb: 'rollback',
    make: (system, name) => system.released(name),
    part: PART.template,
    stuck: { make: (system, name) => system.released(name, system.images.missing), words: NOT_READY },
  },
  {
    verb: 'rebuild',
    make: running,
    part: ['metadata', 'generation'],
    stuck: unready,
    noWayBack: 'what has ended has ended',
  },
  {
    verb: 'pause',
    make: running,
    part: ['spec', 'paused'],
    to: true,
    stuck: THERE,
  },
  {
    verb: 'pause',
    of: 'a CronJob',
    make: (system, name) => system.cronJob(name),
    part: ['spec', 'suspend'],
    to: true,
    stuck: THERE,
  },
  {
    verb: 'resume',
    make: (system, name) => system.deployment(name, { paused: true }),
    part: ['spec', 'paused'],
    to: null,
    stuck: {
      make: (system, name) => system.deployment(name, { image: system.images.missing, paused: true }),
      words: NOT_READY,
    },
  },
  {
    verb: 'trigger',
    make: (system, name) => system.cronJob(name),
    part: (system, target) => system.jobsOf(target),
    to: 1,
    stuck: {
      make: (system, name) => system.cronJob(name, system.images.missing),
      words: /^not there after .*: (its pod starts|it waits for its pod)(; .+: .+)?$/,
    },
    noWayBack: 'the job runs, and can be deleted',
  },
  {
    verb: 'set-image',
    make: running,
    input: (_, system) => ({ image: system.images.next }),
    part: PART.image,
    stuck: { input: (_, system) => ({ image: system.images.missing }), words: NOT_READY },
  },
  {
    verb: 'set-resources',
    make: running,
    input: () => ({ 'memory-limit': '64Mi' }),
    part: PART.resources,
    to: { memory: '64Mi' },
    stuck: unready,
  },
  {
    verb: 'delete',
    make: running,
    stuck: {
      make: (system, name) => system.undying(name),
      words: /^not there after .*: 1 pod still to end(; .+: .+)?$/,
    },
    noWayBack: GONE,
  },
];

const OTHERS: Of[] = [
  {
    verb: 'evict',
    make: (system, name) => system.pod(name),
    stuck: { make: (system, name) => system.pod(name, NOWHERE), words: /^not there after .*: it ends(; .+: .+)?$/ },
    anyVersion: BY_IDENTITY,
    noWayBack: GONE,
  },
  {
    verb: 'delete-pod',
    make: (system, name) => system.pod(name),
    stuck: { make: (system, name) => system.pod(name, NOWHERE), words: /^not there after .*: it ends(; .+: .+)?$/ },
    anyVersion: BY_IDENTITY,
    noWayBack: GONE,
  },
  {
    verb: 'delete-claim',
    make: (system, name) => system.claim(name),
    stuck: {
      make: (system, name) => system.claimInUse(name),
      words: /^not there after .*: it waits for the pods that use it(; .+: .+)?$/,
    },
    anyVersion: BY_IDENTITY,
    noWayBack: GONE,
  },
  {
    verb: 'cordon',
    make: (system, name) => system.node(name),
    part: PART.cordoned,
    to: true,
    stuck: THERE,
  },
  {
    verb: 'uncordon',
    make: (system, name) => system.node(name, { cordoned: true }),
    part: PART.cordoned,
    to: null,
    stuck: THERE,
  },
  {
    verb: 'drain',
    make: (system, name) => system.nodeInUse(name),
    part: PART.cordoned,
    to: true,
    stuck: {
      make: (system, name) => system.nodeInUse(name, { held: true }),
      input: () => ({ minutes: '0.02' }),
      outcome: 'failed',
      words: /budget/,
    },
  },
  {
    verb: 'label',
    make: (system, name) => system.node(name),
    input: () => ({ label: 'bed=2' }),
    part: ['metadata', 'labels', 'bed'],
    to: '2',
    stuck: THERE,
  },
  {
    verb: 'remove',
    make: (system, name) => system.node(name),
    stuck: THERE,
    noWayBack: GONE,
  },
];

const OF_A_SWARM = 'only a swarm has it';
const OF_CEPHFS = 'of directories: cephfs-actions.contract.ts';

export function kubernetesActions(open: () => Promise<ActionsBed & { system: KubernetesSystem }>): void {
  actionsContract({
    open,
    rows: [...WORKLOADS, ...OTHERS],
    alone: [],
    without: {
      exec: SESSION,
      'port-forward': SESSION,
      debug: SESSION,
      availability: OF_A_SWARM,
      promote: OF_A_SWARM,
      demote: OF_A_SWARM,
      prune: OF_A_SWARM,
      'deploy-stack': OF_A_SWARM,
      'remove-stack': OF_A_SWARM,
      empty: OF_CEPHFS,
      quota: OF_CEPHFS,
    },
  });
}
