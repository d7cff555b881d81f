import { describe, expect, it } from 'vitest';
import { configuration } from '../../src/checklists/items/configuration.ts';
import { Random } from '../../src/demo/random.ts';
import { profile } from '../../src/profile/saasodoo.ts';
import { type Client, Refusal, type Right } from '../../src/sources/client.ts';
import type { Source } from '../../src/sources/source.ts';
import type { ContainerSpec, Spec } from '../../src/sources/spec.ts';
import { instance, pool, workload } from '../helpers/nouns.ts';
import { HandMade, told } from './hand-made.ts';

const { strategies, rights, several, unchecked } = profile.checklists.settings;
const RULES = { strategies, rights, several, unchecked };

const container = (change: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name: 'main',
  image: 'example/web:1',
  cpuRequestMillicores: 100,
  cpuLimitMillicores: 400,
  memoryRequestBytes: 2 ** 27,
  memoryLimitBytes: 2 ** 28,
  checked: true,
  root: false,
  privileged: false,
  socket: false,
  ...change,
});
const ROLLING = { type: 'RollingUpdate', maxSurge: '1', maxUnavailable: '0' };
const RECREATE = { type: 'Recreate', maxSurge: null, maxUnavailable: null };
const spec = (name: string, change: Partial<Spec> = {}): Spec => ({
  workload: `prod/saasodoo/deployment/${name}`,
  strategy: ROLLING,
  account: null,
  containers: [container()],
  ...change,
});

interface Parts {
  specs?: Spec[];
  /** Verbs that the account lacks. */
  lacks?: string[];
}
const asked: [Right, string | undefined][] = [];

function cluster({
  specs = [spec('user-service'), spec('instance-worker', { strategy: RECREATE })],
  lacks = [],
}: Parts): Partial<Source> {
  const client: Client = {
    target: 'prod',
    identity: 'ops',
    get: async () => null,
    send: async () => null,
    async forbids(right, _signal, user) {
      asked.push([right, user]);
      return lacks.includes(right.verb) ? 'no' : null;
    },
  };
  return { specs: async () => specs, client: () => client };
}

const platform = (parts: Parts = {}) =>
  new HandMade(['kubernetes', 'postgres'], cluster(parts)).tell(
    workload('user-service', { wanted: 2 }),
    workload('instance-worker'),
    pool('pool-1'),
    instance('acme'),
  );

describe('the configuration review', () => {
  it('passes where everything is as the rules want it', async () => {
    asked.length = 0;
    const result = await platform().run(configuration, RULES);
    expect([result.verdict, ...told(result)]).toEqual(['pass']);
    expect(result.reason).toContain('2 of 2 workloads looked at · 2 of 2 with requests and limits');
    expect(result.reason).toContain('5 rights given');
    expect(
      asked.map(([{ verb, group, resource, namespace }, user]) => [verb, group, resource, namespace, user]),
    ).toEqual(
      ['get', 'list', 'create', 'delete', 'watch'].map(verb => [
        ...[verb, 'batch', 'jobs', 'saasodoo', 'system:serviceaccount:saasodoo:instance-service-sa'],
      ]),
    );
  });

  it.each([
    ['a missing limit', { containers: [container({ cpuLimitMillicores: null })] }, 'no CPU limit'],
    ['a missing request', { containers: [container(), container({ memoryRequestBytes: null })] }, 'no memory request'],
    ['a missing health check', { containers: [container({ checked: false })] }, 'no health check'],
    ['a worker’s strategy for a service', { strategy: RECREATE }, 'replaced by Recreate, the rule is RollingUpdate'],
    [
      'a surge that takes away what answers',
      { strategy: { ...ROLLING, maxUnavailable: '25%' } },
      'maxUnavailable 25%, the rule is 0',
    ],
  ])('warns of %s', async (_, change, reason) => {
    const specs = [spec('user-service', change), spec('instance-worker', { strategy: RECREATE })];
    const result = await platform({ specs }).run(configuration, RULES);
    expect([result.verdict, ...told(result)]).toEqual(['warn', `warn user-service: ${reason}`]);
    expect(result.findings[0]?.about).toBe('prod/saasodoo/deployment/user-service');
  });

  it('warns of a worker that is rolled, of a single replica, of a counter that drifted', async () => {
    const specs = [spec('user-service'), spec('instance-worker')];
    const made = platform({ specs }).tell(workload('user-service', { wanted: 1 }), pool('pool-1', { recorded: 21 }));
    expect(told(await made.run(configuration, RULES)).sort()).toEqual([
      'warn instance-worker: replaced by RollingUpdate, the rule is Recreate',
      'warn pool-1: drift: records 21, assigned 20, there 20',
      'warn user-service: a single replica: nothing answers while it is replaced',
    ]);
  });

  it('asks for no health check of what needs none, nor for replicas where no rule names them', async () => {
    const specs = [spec('database-beat', { strategy: RECREATE, containers: [container({ checked: false })] })];
    const made = new HandMade(['kubernetes', 'postgres'], cluster({ specs })).tell(workload('database-beat'));
    expect(told(await made.run(configuration, RULES))).toEqual([]);
  });

  it('fails where backups could not be made, and says what to ask', async () => {
    const result = await platform({ lacks: ['create', 'delete'] }).run(configuration, RULES);
    expect([result.verdict, ...told(result)]).toEqual([
      'fail',
      'bad prod saasodoo/instance-service-sa: may not create, delete jobs.batch',
    ]);
    expect(result.findings[0]?.evidence[0]).toBe(
      'kubectl auth can-i create jobs.batch --as=system:serviceaccount:saasodoo:instance-service-sa -n saasodoo',
    );
  });

  it('cannot tell where specifications or rights cannot be asked for', async () => {
    const trouble = { what: 'ask what is allowed', on: 'prod', why: 'subjectaccessreviews is forbidden', fix: null };
    const refusing: Partial<Source> = {
      specs: () => Promise.reject(new Error('deployments is forbidden')),
      client: () => ({
        ...(cluster({}).client?.() as Client),
        forbids: () => Promise.reject(new Refusal(trouble, { answer: 'no', status: 403 })),
      }),
    };
    const made = new HandMade(['kubernetes', 'postgres'], refusing).tell(workload('user-service', { wanted: 2 }));
    const result = await made.run(configuration, RULES);
    expect(result.verdict).toBe('cannot-tell');
    expect(told(result)).toContain('unknown prod: specifications not read: deployments is forbidden');
    expect(told(result).join()).toContain('what it may do cannot be asked');
  });

  it('tells what many lack once, with all their names', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const specs = names.map(name => spec(name, { containers: [container({ cpuLimitMillicores: null })] }));
    const made = new HandMade(['kubernetes', 'postgres'], cluster({ specs })).tell(
      ...names.map(name => workload(name)),
    );
    const result = await made.run(configuration);
    expect(told(result)).toEqual(['warn a and 4 more: no CPU limit']);
    expect(result.findings[0]?.evidence).toEqual(['5 workloads: a, b, c, d, e']);
  });

  it.each([1, 2, 3, 4])('counts as many as a random platform has (seed %i)', async seed => {
    const random = new Random(seed);
    const made = new HandMade(['kubernetes', 'postgres'], cluster({ specs: [] }));
    const specs: Spec[] = [];
    const count = { limits: 0, checks: 0, single: 0, strategy: 0 };
    for (let index = 0; index < 80; index++) {
      const isWorker = random.chance(0.3);
      const name = `w${index}-${isWorker ? 'worker' : 'service'}`;
      const [isBare, isUnchecked, isWrong, isSingle] = [0.2, 0.2, 0.2, 0.3].map(part => random.chance(part));
      const main = container({ ...(isBare && { memoryLimitBytes: null }), checked: !isUnchecked });
      const strategy = isWorker === isWrong ? ROLLING : RECREATE;
      specs.push(spec(name, { strategy, containers: [main] }));
      made.tell(workload(name, { wanted: isSingle ? 1 : 3 }));
      if (isBare) count.limits++;
      if (isUnchecked) count.checks++;
      if (isWrong) count.strategy++;
      if (isSingle && !isWorker) count.single++;
    }
    const { findings } = await made.run(configuration, RULES, {
      specs: async () => ({ by: new Map(specs.map(one => [one.workload, one])), failures: [] }),
    });
    const counted = (words: string) =>
      findings
        .filter(({ reason }) => reason.startsWith(words))
        .reduce((sum, { target }) => sum + 1 + Number(/ and (\d+) more$/.exec(target)?.[1] ?? 0), 0);
    expect({
      limits: counted('no memory limit'),
      checks: counted('no health check'),
      single: counted('a single replica'),
      strategy: counted('replaced by'),
    }).toEqual(count);
  });
});
