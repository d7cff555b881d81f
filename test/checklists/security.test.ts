import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { security } from '../../src/checklists/items/security.ts';
import { Random } from '../../src/demo/random.ts';
import type { Client } from '../../src/sources/client.ts';
import type { Credential } from '../../src/sources/credential.ts';
import type { Source } from '../../src/sources/source.ts';
import type { ContainerSpec, Spec } from '../../src/sources/spec.ts';
import { replica, workload } from '../helpers/nouns.ts';
import { DAY_MS, HandMade, NOW, told } from './hand-made.ts';

const [OLD, NEW] = ['a', 'b'].map(letter => `sha256:${letter.repeat(64)}`) as [string, string];
/** What the tags of some images stand for, by their name, and when they were made. */
const pushed = new Map<string, { digest: string; madeAt: number }>();
const server = createServer((request, response) => {
  const [, name = '', what] = /^\/v2\/(.+)\/(manifests|blobs)\//.exec(request.url ?? '') ?? [];
  const known = pushed.get(name);
  if (known && what === 'blobs') return response.end(JSON.stringify({ created: new Date(known.madeAt).toISOString() }));
  if (known) response.setHeader('docker-content-digest', known.digest);
  if (known) return response.end(request.method === 'HEAD' ? '' : '{"config":{"digest":"sha256:c"}}');
  if (request.url?.endsWith('/silent')) return response.writeHead(503).end();
  if (request.url?.includes('/blobs/')) return response.end('{"created":"2026-11-01T00:00:00Z"}');
  response.setHeader('docker-content-digest', NEW);
  return response.end(request.method === 'HEAD' ? '' : '{"config":{"digest":"sha256:c"}}');
});
let url: string;
beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

interface Parts {
  container?: Partial<ContainerSpec>;
  runs?: string;
  credentials?: Credential[];
}

function platform({ container = {}, runs = NEW, credentials = [] }: Parts = {}): HandMade {
  const image = container.image ?? 'registry.test/web:1';
  const main: ContainerSpec = {
    name: 'main',
    image,
    cpuRequestMillicores: 1,
    cpuLimitMillicores: 1,
    memoryRequestBytes: 1,
    memoryLimitBytes: 1,
    checked: true,
    root: false,
    privileged: false,
    socket: false,
    ...container,
  };
  const pod = {
    spec: { containers: [{ name: 'main', image }] },
    status: { containerStatuses: [{ name: 'main', imageID: runs && `registry.test/web@${runs}` }] },
  };
  const parts: Partial<Source> = {
    specs: async () => [
      {
        workload: 'prod/saasodoo/deployment/web',
        strategy: { type: null, maxSurge: null, maxUnavailable: null },
        account: null,
        containers: [main],
      },
    ],
    registry: () => url,
    pathOf: () => '/pod',
    client: () => ({ target: 'prod', identity: null, get: async () => pod, send: async () => null }) satisfies Client,
    credentials: async () => ({ found: credentials, unread: [] }),
  };
  return new HandMade(['kubernetes'], parts).tell(
    workload('web'),
    replica('web-1', 'web', { startedAt: NOW - DAY_MS }),
  );
}

const ending = (days: number): Credential => ({ name: 'our token', endsAt: NOW + days * DAY_MS, writtenAt: null });
const secret = (days: number): Credential => ({ name: 'secret shop/db', endsAt: null, writtenAt: NOW - days * DAY_MS });

/** What a finding is of, by how it is told. */
const KINDS = {
  behind: /^runs .* the registry has/,
  old: /^made .* ago$/,
  latest: /has the tag latest/,
  risk: /root|socket|privileged/,
};

describe('security updates', () => {
  it('pass where what runs is what the registry has, and nothing runs out', async () => {
    const result = await platform({ credentials: [ending(200), secret(3)] }).run(security);
    expect([result.verdict, ...told(result)]).toEqual(['pass']);
    expect(result.reason).toContain('1 image, 0 behind their tag');
  });

  it('warn of an image that was pushed again since, with who runs it', async () => {
    const result = await platform({ runs: OLD }).run(security);
    expect(told(result)).toEqual([
      `warn registry.test/web:1: runs ${'a'.repeat(12)}, the registry has ${'b'.repeat(12)}`,
    ]);
    expect(result.findings[0]).toMatchObject({ about: 'prod/saasodoo/deployment/web', evidence: ['run by web'] });
  });

  it('warn of an image that is old', async () => {
    expect(told(await platform().run(security, { imageDays: 20 }))).toEqual(['warn registry.test/web:1: made 22d ago']);
  });

  it.each([
    [{ image: 'registry.test/web' }, 'warn web: web has the tag latest'],
    [{ root: true }, 'warn web: runs as root'],
    [{ root: null }, 'warn web: may run as root: no user is set'],
    [{ socket: true }, 'bad web: has the socket of its engine'],
    [{ privileged: true }, 'bad web: is privileged'],
  ])('tell of %j', async (container, expected) => {
    expect(told(await platform({ container }).run(security))).toEqual([expected]);
  });

  it('let be what the profile trusts', async () => {
    const made = platform({ container: { socket: true } });
    expect((await made.run(security, { trusted: 'name=web' })).verdict).toBe('pass');
  });

  it.each([
    [ending(20), 'warn prod: our token: ends in 20d'],
    [ending(3), 'bad prod: our token: ends in 3d'],
    [ending(-1), 'bad prod: our token: ends 24h ago'],
    [secret(400), 'warn prod: secret shop/db: not renewed for more than 365 d'],
  ])('tell of %j', async (credential, expected) => {
    expect(told(await platform({ credentials: [credential] }).run(security))).toEqual([expected]);
  });

  it('cannot tell where the registry, the version that runs or the secrets are not told', async () => {
    const silent = await platform({ container: { image: 'registry.test/web:silent' } }).run(security);
    expect([silent.verdict, ...told(silent)]).toEqual([
      'cannot-tell',
      'unknown registry.test: 1 image not compared: it answered with status 503',
    ]);
    const untold = await platform({ runs: '' }).run(security);
    expect(told(untold)).toEqual(['unknown registry.test: 1 image not compared: which version runs is not told']);
    const refusing = new HandMade(['kubernetes'], {
      credentials: () => Promise.reject(new Error('secrets is forbidden')),
    });
    expect(told(await refusing.run(security))).toEqual([
      'unknown prod: what runs out there is not known: secrets is forbidden',
    ]);
  });

  it.each([1, 2, 3, 4])('count what is to be done on a random platform (seed %i)', async seed => {
    const random = new Random(seed);
    const [imageDays, expiryDays, secretDays] = [
      random.integer(20, 300),
      random.integer(8, 90),
      random.integer(9, 500),
    ];
    const expected = new Map<string, number>();
    const add = (key: string, by: number, to: Map<string, number>) => to.set(key, (to.get(key) ?? 0) + by);
    const near = (days: number) => days * DAY_MS + random.pick([-5 * DAY_MS, -1, 0, 1, 5 * DAY_MS]);
    const images = Array.from({ length: 12 }, (_, index) => {
      const [digest, age] = [`sha256:${random.hex(64)}`, near(imageDays)];
      pushed.set(`s${seed}/app-${index}`, { digest, madeAt: NOW - age });
      const tag = random.pick(['', ':latest', ':1', ':2-alpine']);
      return { reference: `registry.test/s${seed}/app-${index}${tag}`, digest, age, isLatest: !/:[12]/.test(tag) };
    });
    // What is told of each that runs: what its longest running pod has, and what a workload pins.
    const used = new Map<(typeof images)[number], { startedAt: number; runs: string; pins: string[] }>();
    const count = { latest: 0, risky: 0, all: 0 };
    const specs: Spec[] = [];
    const pods = new Map<string, unknown>();
    const made = new HandMade(['kubernetes'], {
      specs: async () => specs,
      registry: () => url,
      pathOf: (_, id) => id,
      client: () => ({
        ...{ target: 'prod', identity: null, send: async () => null },
        get: async path => pods.get(path) ?? null,
      }),
      credentials: async () => ({ found, unread: [] }),
    });
    for (let index = 0; index < 40; index++) {
      const [name, image] = [`w${index}`, random.pick(images)];
      const [isTrusted, isJob, isOff] = [0.15, 0.1, 0.1].map(part => random.chance(part));
      const [socket, privileged] = [random.chance(0.2), random.chance(0.2)];
      const root = random.pick([true, false, false, null]);
      const runs = random.chance(0.85) ? image.digest : `sha256:${random.hex(64)}`;
      // Pinned by its digest the tag is of no matter to what is started, but that it went on is.
      const pinned = random.chance(0.15) ? `@${runs}` : '';
      const container = { name: 'main', image: `${image.reference}${pinned}`, checked: true, root, privileged, socket };
      const bounds = { cpuRequestMillicores: 1, cpuLimitMillicores: 1, memoryRequestBytes: 1, memoryLimitBytes: 1 };
      const strategy = { type: null, maxSurge: null, maxUnavailable: null };
      specs.push({
        ...{ workload: `prod/saasodoo/deployment/${name}`, strategy, account: null },
        containers: [{ ...container, ...bounds }],
      });
      const startedAt = NOW - random.integer(1, 10 ** 9);
      const pod = replica(`${name}-1`, name, { startedAt });
      const size = isOff ? { wanted: 0, ready: 0, updated: 0 } : {};
      const type = isJob ? 'Job' : 'Deployment';
      made.tell(workload(name, { ...size, type, labels: isTrusted ? { trusted: 'yes' } : {} }));
      if (!isOff) made.tell(pod);
      pods.set(pod.id, {
        spec: { containers: [{ name: 'main', image: container.image }] },
        status: { containerStatuses: [{ name: 'main', imageID: `${image.reference}@${runs}` }] },
      });
      if (isJob) continue;
      if (!isOff) {
        const known = used.get(image);
        const oldest = known && known.startedAt < startedAt ? known : { startedAt, runs };
        used.set(image, { ...oldest, pins: [...(known?.pins ?? []), ...(pinned ? [runs] : [])] });
      }
      if (image.isLatest && !pinned) count.latest++;
      if (isTrusted) continue;
      count.all++;
      if (socket || privileged || root !== false) count.risky++;
      if (socket || privileged || root !== false) add(socket || privileged ? 'bad risk' : 'warn risk', 1, expected);
    }
    const found: Credential[] = [];
    for (let index = 0; index < 20; index++) {
      const [left, since] = [near(random.pick([0, 7, expiryDays])), near(secretDays)];
      found.push({ name: `token ${index}`, endsAt: NOW + left, writtenAt: null });
      found.push({ name: `secret ${index}`, endsAt: null, writtenAt: NOW - since });
      if (left <= expiryDays * DAY_MS) add(left < 7 * DAY_MS ? 'bad token' : 'warn token', 1, expected);
      if (since >= secretDays * DAY_MS) add('warn secret', 1, expected);
    }
    const behind = [...used].filter(([{ digest }, { runs, pins }]) =>
      [runs, ...pins].some(each => each !== digest),
    ).length;
    const old = [...used.keys()].filter(({ age }) => age > imageDays * DAY_MS).length;
    for (const [key, number] of [
      ['warn behind', behind],
      ['warn old', old],
      ['warn latest', count.latest],
    ] as const)
      if (number > 0) add(key, number, expected);
    const trusted = 'label.trusted=yes';
    const result = await made.run(
      security,
      { imageDays, expiryDays, secretDays, trusted },
      { specs: async () => ({ by: new Map(specs.map(spec => [spec.workload, spec])), failures: [] }) },
    );
    const kindOf = (reason: string, target: string) =>
      Object.entries(KINDS).find(([, words]) => words.test(reason))?.[0] ??
      (/secret/.test(target) ? 'secret' : 'token');
    const seen = new Map<string, number>();
    for (const { target, health, reason } of result.findings)
      add(`${health} ${kindOf(reason, target)}`, 1 + Number(/ and (\d+) more$/.exec(target)?.[1] ?? 0), seen);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
    for (const fact of [
      `${used.size} images, ${behind} behind their tag, ${old} older than ${imageDays} d`,
      `${count.latest} with the tag latest`,
      `${count.risky} of ${count.all} workloads may do more than they should`,
    ])
      expect(result.facts).toContain(fact);
  });
});
