import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { security } from '../../src/checklists/items/security.ts';
import type { Client } from '../../src/sources/client.ts';
import type { Credential } from '../../src/sources/credential.ts';
import type { Source } from '../../src/sources/source.ts';
import type { ContainerSpec } from '../../src/sources/spec.ts';
import { replica, workload } from '../helpers/nouns.ts';
import { DAY_MS, HandMade, NOW, told } from './hand-made.ts';

const [OLD, NEW] = ['a', 'b'].map(letter => `sha256:${letter.repeat(64)}`) as [string, string];
const server = createServer((request, response) => {
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
});
