import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeCutOff } from '../../src/actions/cut-off.ts';
import { intentOf } from '../../src/actions/record.ts';
import { verbNamed } from '../../src/actions/verbs.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Input } from '../../src/model/deed.ts';
import type { Directory, Noun, Seen } from '../../src/model/entity.ts';
import type { DirectoryWrite } from '../../src/sources/cephfs/client.ts';
import type { DirectoryObject } from '../../src/sources/cephfs/directory.ts';
import { type Client, Refusal } from '../../src/sources/client.ts';
import type { Source, SourceKind } from '../../src/sources/source.ts';
import { openJournal } from '../../src/store/journal.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { directory as directoryNoun, instance } from '../helpers/nouns.ts';

// What is asked, refused and recorded; what a file system makes of it is the contract's (cephfs-actions.contract.ts).

const NEVER = new AbortController().signal;
const NOW = Date.UTC(2026, 10, 29, 12);
const PATH = '/mnt/cephfs/postgres_data';
const GIB = 2 ** 30;

let fleet: Fleet;
let object: DirectoryObject;
let sent: DirectoryWrite[];
/** How each step of emptying ends. */
let steps: (() => unknown)[];
let pods: object[];
let volumes: object[] | Refusal;
let services: object[];
let tasks: object[];

beforeEach(() => {
  fleet = new Fleet({ now: () => NOW });
  object = {
    ...{ ID: '1099511628301', device: '52', path: PATH, relative: 'postgres_data', entries: 3 },
    ...{ bytes: 5 * GIB, files: 1_200, directories: 40, changedAt: NOW - 3_600_000 },
    quota: { bytes: 10 * GIB, files: null },
  };
  [sent, steps, pods, volumes, services, tasks] = [[], [], [], [], [], []];
  watch('cephfs', 'cephfs', {
    client: () => ceph,
    pathOf: kind => (kind === 'directory' ? '/directories/postgres_data' : null),
    nouns: [{ ...directoryNoun('postgres_data'), uid: object.ID, path: PATH }],
  });
});
afterEach(() => fleet.stop());

const ceph: Client = {
  target: '/mnt/cephfs',
  identity: null,
  get: async () => structuredClone(object),
  async send(permit, { body }) {
    permit.check();
    const write = body as DirectoryWrite;
    sent.push(write);
    const { quota } = write;
    if (!quota) return steps.shift()?.() ?? deletes(object.entries);
    object.quota = { ...object.quota, [quota.limit]: quota.to || null };
    return null;
  },
};

function deletes(deleted: number, more: object = {}) {
  object.entries -= deleted;
  return { deleted, isOver: object.entries === 0, complaint: null, ...more };
}

function watch(
  name: string,
  kind: SourceKind,
  { nouns = [], ...more }: Pick<Source, 'client' | 'pathOf'> & { nouns?: Seen[] },
): void {
  fleet.watch({
    name,
    kind,
    requests: 0,
    start(sink) {
      sink.state({ phase: 'live', proof: true });
      sink.put(nouns);
    },
    stop: async () => {},
    ...more,
  });
  fleet.flush();
}

/** Both platforms, with what they run. */
function watchPlatforms(): void {
  const list = (items: object[]) => ({ metadata: {}, items });
  const kubernetes: Client = {
    target: 'prod',
    identity: 'ops',
    async get(path) {
      if (path.startsWith('/api/v1/pods')) return list(pods);
      if (volumes instanceof Refusal) throw volumes;
      return list(volumes);
    },
    send: () => Promise.reject(new Error('nothing is written there')),
  };
  const swarm: Client = { ...kubernetes, get: async path => (path === '/services' ? services : tasks) };
  watch('prod', 'kubernetes', { client: () => kubernetes });
  watch('old', 'swarm', { client: () => swarm });
}

const pod = (volume: object, { subPath, phase = 'Running' }: { subPath?: string; phase?: string } = {}) => ({
  metadata: { name: 'postgres-0', namespace: 'saas' },
  spec: {
    volumes: [{ name: 'data', ...volume }],
    containers: [{ name: 'db', volumeMounts: [{ name: 'data', mountPath: '/data', ...(subPath && { subPath }) }] }],
  },
  status: { phase },
});
const service = (Source: string, Replicas: number) => ({
  ID: 'svc',
  Spec: {
    Name: 'saas_postgres',
    Mode: { Replicated: { Replicas } },
    TaskTemplate: { ContainerSpec: { Mounts: [{ Type: 'bind', Source, Target: '/data' }] } },
  },
});
const claimed = { persistentVolumeClaim: { claimName: 'data-postgres-0' } };
const volume = (of: object) => ({ spec: { claimRef: { namespace: 'saas', name: 'data-postgres-0' }, ...of } });

const target = () => fleet.get('directory', directoryNoun('postgres_data').id) as Directory;
const prepare = (verb: string, input: Input = {}, gateway = gatewayFor(fleet), noun: Noun = target()) =>
  gateway.prepare(verbNamed(verb)!, noun, input, NEVER);

async function act(
  verb: string,
  input: Input = {},
  gateway = gatewayFor(fleet, { waits: { everyMs: 1, proofMs: 1 } }),
) {
  const proposal = await prepare(verb, input, gateway);
  const name = proposal.plan.phrase ?? proposal.noun.name;
  return { gateway, proposal, action: await gateway.carryOut(proposal, { yes: true, name }, NEVER) };
}

describe('who has a directory mounted', () => {
  beforeEach(watchPlatforms);

  it.each([
    ['a pod by a folder of its machine', () => pods.push(pod({ hostPath: { path: PATH } }))],
    [
      'a pod by a part of one',
      () => pods.push(pod({ hostPath: { path: '/mnt/cephfs/' } }, { subPath: 'postgres_data' })),
    ],
    ['a pod by a folder inside of it', () => pods.push(pod({ hostPath: { path: `${PATH}/base` } }))],
    ['a pod that waits for a machine', () => pods.push(pod({ hostPath: { path: PATH } }, { phase: 'Pending' }))],
    [
      'a pod by a claim on a CephFS',
      () => {
        pods.push(pod(claimed));
        volumes = [
          volume({ csi: { driver: 'cephfs.csi.ceph.com', volumeAttributes: { rootPath: '/postgres_data' } } }),
        ];
      },
    ],
    ['a service that runs', () => services.push(service(PATH, 1))],
    [
      'a service whose last task still ends',
      () => {
        services.push(service(PATH, 0));
        tasks.push({ ServiceID: 'svc', Status: { State: 'running' } });
      },
    ],
  ])('%s: refused', async (_, given) => {
    given();
    await expect(prepare('empty')).rejects.toThrow(
      /^it is in use: (pod postgres-0|service saas_postgres) has it mounted: /,
    );
  });

  it.each([
    [
      'a pod by what it lies in',
      () => pods.push(pod({ hostPath: { path: '/mnt/cephfs' } })),
      /^pod postgres-0 may use it: \/mnt\/cephfs$/,
    ],
    [
      'a pod by the same name elsewhere',
      () => pods.push(pod({ hostPath: { path: '/srv/ceph/postgres_data' } })),
      /^pod postgres-0 may use it/,
    ],
    [
      'a volume that does not say where it lies',
      () => {
        pods.push(pod(claimed));
        volumes = [volume({ csi: { driver: 'rook-ceph.cephfs.csi.ceph.com', volumeAttributes: {} } })];
      },
      /nobody says where on a CephFS it lies$/,
    ],
    [
      'volumes that may not be read',
      () => {
        pods.push(pod(claimed));
        volumes = new Refusal({ what: 'read', on: 'prod', why: 'forbidden', fix: null }, { answer: 'no', status: 403 });
      },
      /^where the volumes of 1 claim lie cannot be read: forbidden$/,
    ],
    [
      'one that was changed just now',
      () => {
        object.changedAt = NOW - 5_000;
      },
      /^it was changed just now/,
    ],
  ])('%s: the whole path is to be typed', async (_, given, note) => {
    given();
    const { plan, needs } = await prepare('empty');
    expect([plan.phrase, needs.confirm]).toEqual([PATH, 'name']);
    expect(plan.notes).toContainEqual(expect.stringMatching(note));
  });

  it.each([
    ['nobody', () => {}, /^no pod and no service has it mounted/],
    ['a pod that has ended', () => pods.push(pod({ hostPath: { path: PATH } }, { phase: 'Succeeded' })), /^no pod/],
    [
      'a service that was scaled to 0',
      () => services.push(service(PATH, 0)),
      /^service saas_postgres has it mounted when it runs/,
    ],
    ['a pod with what is beside it', () => pods.push(pod({ hostPath: { path: `${PATH}_old` } })), /^no pod/],
  ])('%s: its name is to be typed', async (_, given, note) => {
    given();
    const { plan, needs } = await prepare('empty');
    expect([plan.phrase, needs.confirm]).toEqual([undefined, 'name']);
    expect(plan.notes).toContainEqual(expect.stringMatching(note));
  });

  it('is asked again before the first step', async () => {
    const gateway = gatewayFor(fleet, { waits: { everyMs: 1, proofMs: 1 } });
    const proposal = await prepare('empty', {}, gateway);
    services.push(service(PATH, 1));
    const action = await gateway.carryOut(proposal, { yes: true, name: 'postgres_data' }, NEVER);
    expect(action).toMatchObject({
      outcome: 'refused',
      words: expect.stringMatching(/^it is in use: service saas_postgres/),
    });
    expect(sent).toEqual([]);
  });

  it.each([
    ['running', /^it is in use: it is the data of acme, which is running$/],
    ['suspended', /^it is in use/],
    ['stopped', null],
    ['terminated', null],
  ])('an instance that is %s', async (status, refusal) => {
    object.path = '/mnt/cephfs/odoo_instances/odoo_data_acme_1a2b3c4d';
    const name = 'odoo_data_acme_1a2b3c4d';
    const tenant = { ...directoryNoun(name), uid: object.ID, path: object.path };
    watch('more', 'cephfs', {
      client: () => ceph,
      pathOf: () => '/directories/x',
      nouns: [{ ...tenant, source: 'more' }],
    });
    watch('db', 'postgres', {
      nouns: [{ ...instance('acme'), uid: '1a2b3c4d-0000', databaseName: 'acme', status }],
      client: () => null,
      pathOf: () => null,
    });
    const asked = prepare('empty', {}, gatewayFor(fleet), fleet.get('directory', tenant.id) as Directory);
    if (refusal) return await expect(asked).rejects.toThrow(refusal);
    const { plan } = await asked;
    expect(plan.notes).toContain(`it is the data of acme, which is ${status}`);
    // One that may come back is not given away by a name alone.
    if (status === 'stopped') expect(plan.phrase).toBe(object.path);
  });
});

describe('emptying', () => {
  it('says what goes, for ever, and wants more than a y', async () => {
    const { plan, needs, refused } = await prepare('empty');
    expect([plan.risk, needs.confirm, refused, plan.inverse]).toEqual(['destructive', 'name', null, null]);
    expect(plan.command).toBe(`find ${PATH} -xdev -mindepth 1 -delete`);
    expect(plan.changes).toEqual([
      { what: 'directory', from: '5.0G (5368709120 bytes) in 1200 files, 40 directories', to: 'empty' },
    ]);
    expect(plan.notes).toEqual([
      expect.stringMatching(/^newest change: Sun 29 Nov \d\d:00:00, 1h ago$/),
      'neither Kubernetes nor a swarm is watched',
      'links are deleted, not followed; other file systems are left alone',
      'there is no way back',
    ]);
  });

  it('does nothing without the name, typed whole', async () => {
    const gateway = gatewayFor(fleet);
    const proposal = await prepare('empty', {}, gateway);
    for (const consent of [{ yes: true }, { yes: true, name: 'postgres_data' }, { yes: true, name: '/mnt/cephfs' }]) {
      const action = await gateway.carryOut(proposal, consent, NEVER);
      expect(action).toMatchObject({ outcome: 'refused', words: `the name must be typed: ${PATH}` });
    }
    expect(sent).toEqual([]);
    expect(gateway.journal.deeds()).toEqual([]);
  });

  it('is for one directory at a time', async () => {
    await expect(gatewayFor(fleet).prepare(verbNamed('empty')!, target(), {}, NEVER, 2)).rejects.toThrow('one target');
  });

  it('is refused where nothing may be written, and where a rule denies it', async () => {
    expect((await prepare('empty', {}, gatewayFor(fleet, { readOnly: true }))).refused).toMatch(/read-only/);
    const rules = [{ verbs: ['empty'], when: 'name=postgres_data', deny: 'not the database' }];
    expect((await prepare('empty', {}, gatewayFor(fleet, { rules }))).refused).toBe('not the database');
    const { action } = await act('empty', {}, gatewayFor(fleet, { rules }));
    expect([action.outcome, sent]).toEqual(['refused', []]);
  });

  it('is not of another directory that has the name', async () => {
    object.ID = '7';
    await expect(prepare('empty')).rejects.toThrow('postgres_data is another one now');
  });

  it('goes on step by step, names the directory that was seen with each, and stands in the journal', async () => {
    steps = [() => deletes(1), () => deletes(1)];
    const { gateway, action } = await act('empty');
    expect([action.outcome, action.words]).toEqual(['done', '3 deleted in 0 s']);
    expect(sent).toEqual([1, 2, 3].map(() => ({ ID: object.ID, device: '52' })));
    expect(gateway.journal.deeds()).toMatchObject([
      {
        intent: {
          verb: 'empty',
          risk: 'destructive',
          proofs: [{ path: '/directories/postgres_data', at: ['entries'], is: 0 }],
        },
        ending: { outcome: 'done' },
      },
    ]);
    expect(gateway.lastUndoable()).toBeNull();
  });

  it.each([
    [
      'nothing at all: refused',
      [() => deletes(0, { isOver: true, complaint: "cannot delete './x': Permission denied" })],
      'refused',
      /^cannot delete/,
    ],
    [
      'a part: failed',
      [() => deletes(2, { isOver: true, complaint: "cannot delete './x': Permission denied" })],
      'failed',
      /^2 deleted; then: cannot delete/,
    ],
    [
      'another directory by the second step: failed',
      [
        () => deletes(2),
        () => {
          throw no(409, 'another directory has its name now');
        },
      ],
      'failed',
      /^2 deleted; then: another directory/,
    ],
    ['nothing in time: failed', [() => deletes(0)], 'failed', /^nothing of it could be deleted in time/],
    [
      'no answer, and it is not done: failed',
      [
        () => {
          throw none();
        },
      ],
      'failed',
      /^some of it may be gone, and not all is: no answer/,
    ],
    [
      'no answer, and it is done: done',
      [
        () => {
          object.entries = 0;
          throw none();
        },
      ],
      'done',
      /^empty in 0 s$/,
    ],
  ] as const)('could delete %s', async (_, given, outcome, words) => {
    steps = [...given];
    const { action } = await act('empty');
    expect([action.outcome, action.words]).toEqual([outcome, expect.stringMatching(words)]);
  });

  it.each([
    [0, 'done', 'cut off; looked at later: it is so in 0 s'],
    [3, 'failed', 'cut off; looked at later: the system does not have it'],
  ])('killed in the middle, with %d entries left afterwards: %s', async (left, outcome, words) => {
    const journal = openJournal(':memory:');
    const proposal = await prepare('empty');
    const who = { operator: 'tester', sshClient: null, demo: false };
    const intent = intentOf(proposal, { yes: true }, who, null, NOW);
    journal.begin({ ...intent, process: { ...intent.process, pid: 2 ** 22 + 1 } });
    object.entries = left;
    const [deed] = await closeCutOff(journal, fleet, AbortSignal.timeout(5_000));
    expect(deed?.ending).toMatchObject({ outcome, words, checked: true });
  });

  it('does nothing where nothing is', async () => {
    object.entries = 0;
    await expect(prepare('empty')).rejects.toThrow('it is empty');
  });
});

describe('a quota', () => {
  it.each([
    [{ bytes: '50Gi' }, [{ what: 'quota', from: '10G', to: '50G' }], 'safe', [{ limit: 'bytes', to: 50 * GIB }]],
    [{ bytes: '+5Gi' }, [{ what: 'quota', from: '10G', to: '15G' }], 'safe', [{ limit: 'bytes', to: 15 * GIB }]],
    [{ bytes: '+20%' }, [{ what: 'quota', from: '10G', to: '12G' }], 'safe', [{ limit: 'bytes', to: 12 * GIB }]],
    [{ bytes: '-1Gi' }, [{ what: 'quota', from: '10G', to: '9.0G' }], 'disruptive', [{ limit: 'bytes', to: 9 * GIB }]],
    [{ bytes: 'none' }, [{ what: 'quota', from: '10G', to: 'none' }], 'safe', [{ limit: 'bytes', to: 0 }]],
    [{ bytes: '0' }, [{ what: 'quota', from: '10G', to: 'none' }], 'safe', [{ limit: 'bytes', to: 0 }]],
    [
      { files: '5000' },
      [{ what: 'quota of files', from: 'none', to: '5000' }],
      'disruptive',
      [{ limit: 'files', to: 5000 }],
    ],
  ])('%j', async (input, changes, risk, written) => {
    const { proposal, action, gateway } = await act('quota', input as unknown as Input);
    expect(proposal.plan).toMatchObject({ changes, risk });
    expect(action.outcome).toBe('done');
    expect(sent.map(({ quota }) => quota)).toEqual(written);
    const before = structuredClone(object.quota);
    const back = await gateway.prepareUndo(gateway.lastUndoable()!, NEVER);
    expect((await gateway.carryOut(back, { yes: true }, NEVER)).outcome).toBe('done');
    expect(object.quota).toEqual({ bytes: 10 * GIB, files: null });
    expect(object.quota).not.toEqual(before);
  });

  it('below what is there is told as what it does', async () => {
    const { plan } = await prepare('quota', { bytes: '1Gi' });
    expect(plan.notes).toEqual(['it holds 5.0G already: each write there is refused (EDQUOT)']);
    expect(plan.risk).toBe('disruptive');
    expect((await prepare('quota', { files: '1241' })).plan.notes).toContainEqual(expect.stringMatching(/EDQUOT/));
  });

  it.each([
    [{ bytes: 'much' }, 'much is no size'],
    [{ bytes: '-20Gi' }, 'nothing would be left'],
    [{ bytes: '50' }, 'surely Mi or Gi is meant'],
    [{ bytes: '20%' }, 'more or less by how much'],
    [{ files: '+10' }, 'it has no quota yet'],
    [{ files: '1.5' }, '1.5 is no number'],
    [{ bytes: '9000000P' }, 'surely not meant'],
    [{}, 'nothing is to be changed yet'],
    [{ bytes: '10Gi' }, 'it is so already'],
  ])('%j is not taken', async (input, words) => {
    await expect(prepare('quota', input as unknown as Input)).rejects.toThrow(words);
  });

  it('is refused where nothing may be written', async () => {
    const { action } = await act('quota', { bytes: '50Gi' }, gatewayFor(fleet, { readOnly: true }));
    expect([action.outcome, sent]).toEqual(['refused', []]);
  });
});

function no(status: number, why: string): Refusal {
  return new Refusal({ what: 'change', on: PATH, why, fix: null }, { answer: 'no', status });
}

function none(): Refusal {
  return new Refusal({ what: 'change', on: PATH, why: 'no answer', fix: null }, { answer: 'none' });
}
