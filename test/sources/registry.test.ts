import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseImage, Registry } from '../../src/sources/registry.ts';

const HEX = 'ab'.repeat(32);

it.each([
  ['redis', ['docker.io', 'library/redis', 'latest', null]],
  ['redis:7-alpine', ['docker.io', 'library/redis', '7-alpine', null]],
  ['dpage/pgadmin4:9', ['docker.io', 'dpage/pgadmin4', '9', null]],
  ['docker.io/library/redis:7', ['docker.io', 'library/redis', '7', null]],
  ['registry.example:5000/team/web', ['registry.example:5000', 'team/web', 'latest', null]],
  [`registry.example/web:1@sha256:${HEX}`, ['registry.example', 'web', '1', `sha256:${HEX}`]],
  ['localhost/web:2', ['localhost', 'web', '2', null]],
])('%s names %j', (reference, [registry, name, tag, digest]) => {
  expect(parseImage(reference)).toEqual({ registry, name, tag, digest });
});

it.each(['', 'UPPER/case', 'web:', '../etc/passwd', 'web:1 && true'])('%j is no image', reference => {
  expect(parseImage(reference)).toBeNull();
});

describe('a registry', () => {
  let server: Server;
  let url: string;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { pathname } = new URL(request.url ?? '', 'http://registry');
      if (pathname === '/token') return response.end('{"token":"let-me-in"}');
      if (pathname.startsWith('/v2/private/'))
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      if (pathname.startsWith('/v2/evil/'))
        return response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://elsewhere.test/token"' }).end();
      if (pathname.startsWith('/v2/guarded/') && request.headers.authorization !== 'Bearer let-me-in')
        return response.writeHead(401, { 'www-authenticate': `Bearer realm="${url}/token",service="r"` }).end();
      if (pathname.endsWith('/manifests/silent')) return;
      if (pathname.endsWith('/manifests/gone')) return response.writeHead(404).end();
      if (pathname.endsWith('/manifests/many')) {
        const one = (architecture: string, digest: string) => ({ digest, platform: { os: 'linux', architecture } });
        return response.end(JSON.stringify({ manifests: [one('arm64', 'sha256:arm'), one('amd64', 'sha256:amd')] }));
      }
      if (pathname.endsWith('/manifests/sha256:amd')) return response.end('{"config":{"digest":"sha256:config"}}');
      if (pathname.endsWith('/manifests/again')) return response.end('{"config":{"digest":"sha256:zero"}}');
      if (pathname.endsWith('/blobs/sha256:config')) return response.end('{"created":"2026-05-04T00:00:00Z"}');
      if (pathname.endsWith('/blobs/sha256:zero')) return response.end('{"created":"1970-01-01T00:00:00Z"}');
      return response.writeHead(200, { 'docker-content-digest': `sha256:${HEX}` }).end();
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const soon = () => AbortSignal.timeout(5_000);
  const image = (name: string, tag = '1') => ({ registry: 'r', name, tag, digest: null });
  const digest = (name: string, tag = '1', signal = soon()) => new Registry(url).digestOf(image(name, tag), signal);

  it('tells what a tag stands for, by a HEAD of its manifest', async () => {
    expect(await digest('team/web')).toBe(`sha256:${HEX}`);
    expect(asked).toContain('HEAD /v2/team/web/manifests/1');
  });

  it('gives a token to anybody, which is asked for once', async () => {
    const registry = new Registry(url);
    expect(await registry.digestOf(image('guarded/web'), soon())).toBe(`sha256:${HEX}`);
    expect(await registry.digestOf(image('guarded/web', '2'), soon())).toBe(`sha256:${HEX}`);
    const tokens = asked.filter(line => line.startsWith('GET /token'));
    expect(tokens).toEqual(['GET /token?service=r&scope=repository%3Aguarded%2Fweb%3Apull']);
  });

  it.each([
    ['private/web', '1', 'it wants a login'],
    ['evil/web', '1', 'it wants a login'],
    ['team/web', 'gone', 'it has no such tag'],
  ])('says why it does not tell of %s:%s', async (name, tag, why) => {
    await expect(digest(name, tag)).rejects.toThrow(why);
  });

  it('that says nothing is waited for no longer than the signal lasts', async () => {
    await expect(digest('team/web', 'silent', AbortSignal.timeout(50))).rejects.toThrow();
  });

  it('tells when an image was made, of several the one for most machines', async () => {
    expect(await new Registry(url).madeAt(image('team/web', 'many'), soon())).toBe(Date.UTC(2026, 4, 4));
    expect(await new Registry(url).madeAt(image('team/web', 'again'), soon())).toBeNull();
  });
});
