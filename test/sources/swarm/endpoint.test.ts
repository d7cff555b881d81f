import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveEndpoint } from '../../../src/sources/swarm/endpoint.ts';
import { SwarmOptions } from '../../../src/sources/swarm/options.ts';

let config: string;
beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), 'qd-docker-'));
});
afterEach(() => rmSync(config, { recursive: true }));

const resolve = (options: Omit<SwarmOptions, 'kind'> = {}, env: Record<string, string> = {}) =>
  resolveEndpoint({ kind: 'swarm', ...options }, { DOCKER_CONFIG: config, ...env });

function context(name: string, docker: object, files: Record<string, string> = {}): void {
  const folder = createHash('sha256').update(name).digest('hex');
  const meta = join(config, 'contexts', 'meta', folder);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker } }));
  const tls = join(config, 'contexts', 'tls', folder, 'docker');
  mkdirSync(tls, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(tls, file), text);
}

describe('which engine', () => {
  test('the default socket, when nothing names another one', async () => {
    expect(await resolve()).toEqual({
      address: 'unix:///var/run/docker.sock',
      from: 'the default socket',
      reach: { via: 'unix', path: '/var/run/docker.sock' },
    });
  });

  test('in the order of the docker command: DOCKER_HOST, DOCKER_CONTEXT, the current context', async () => {
    context('prod', { Host: 'tcp://prod.example:2375' });
    context('other', { Host: 'unix:///run/other.sock' });
    writeFileSync(join(config, 'config.json'), JSON.stringify({ currentContext: 'prod', auths: {} }));
    expect(await resolve()).toMatchObject({ address: 'tcp://prod.example:2375', from: 'docker context prod' });
    const env = { DOCKER_CONTEXT: 'other' };
    expect(await resolve({}, env)).toMatchObject({ address: 'unix:///run/other.sock', from: 'docker context other' });
    const both = { ...env, DOCKER_HOST: 'tcp://10.0.0.7:2375' };
    expect(await resolve({}, both)).toMatchObject({ address: 'tcp://10.0.0.7:2375', from: 'DOCKER_HOST' });
    expect(await resolve({ context: 'prod' }, both)).toMatchObject({ from: 'docker context prod' });
    expect(await resolve({ host: 'unix:///x.sock' }, both)).toMatchObject({
      address: 'unix:///x.sock',
      from: 'the profile',
    });
    expect(await resolve({}, { DOCKER_CONTEXT: 'default' })).toMatchObject({ from: 'the default socket' });
  });

  test.each([
    ['tcp://h', { via: 'tcp', host: 'h', port: 2375, tls: null }, 'tcp://h:2375'],
    ['h:99', { via: 'tcp', host: 'h', port: 99, tls: null }, 'tcp://h:99'],
    ['tcp://[::1]:7', { via: 'tcp', host: '::1', port: 7, tls: null }, 'tcp://[::1]:7'],
    ['ssh://ops@m1', { via: 'ssh', host: 'm1', port: null, user: 'ops', socket: null }, 'ssh://ops@m1'],
    [
      'ssh://ops:secret@m1:2222/run/d.sock',
      { via: 'ssh', host: 'm1', port: 2222, user: 'ops', socket: '/run/d.sock' },
      'ssh://ops@m1:2222/run/d.sock',
    ],
  ])('%s', async (DOCKER_HOST, reach, address) => {
    expect(await resolve({}, { DOCKER_HOST })).toMatchObject({ reach, address });
    // An address can be written into a profile, and leads to the same engine.
    expect(await resolve({ host: address })).toMatchObject({ reach, address });
  });

  test.each(['npipe:////./pipe/x', 'tcp://', 'ssh://-oProxyCommand=x@h', 'ssh://-h', 'ftp://user:secret@h'])(
    '%s is refused in words, without a password',
    async DOCKER_HOST => {
      const refused = resolve({}, { DOCKER_HOST });
      await expect(refused).rejects.toMatchObject({
        trouble: { on: 'DOCKER_HOST', why: expect.stringMatching(/^cannot read/) },
      });
      await expect(refused).rejects.not.toThrow(/secret/);
    },
  );

  test('a context that is not there, or that cannot be read', async () => {
    await expect(resolve({ context: 'nope' })).rejects.toMatchObject({ trouble: { why: 'there is no such context' } });
    context('odd', {});
    await expect(resolve({ context: 'odd' })).rejects.toMatchObject({
      trouble: { why: 'it names no docker endpoint' },
    });
    writeFileSync(join(config, 'config.json'), '{');
    await expect(resolve()).rejects.toMatchObject({ trouble: { on: join(config, 'config.json') } });
  });
});

describe('TLS', () => {
  const tls = async (...of: Parameters<typeof resolve>) => {
    const { reach } = await resolve(...of);
    if (reach.via !== 'tcp' || !reach.tls) return null;
    const { ca, cert, key, verify } = reach.tls;
    return [String(ca), String(cert), String(key), verify, reach.port];
  };

  test('as the docker command has it: DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH', async () => {
    const folder = join(config, 'certs');
    mkdirSync(folder);
    writeFileSync(join(folder, 'ca.pem'), 'CA');
    writeFileSync(join(folder, 'key.pem'), 'KEY');
    const env = { DOCKER_HOST: 'tcp://h', DOCKER_CERT_PATH: folder };
    expect(await tls({}, { ...env, DOCKER_TLS_VERIFY: '1' })).toEqual(['CA', 'null', 'KEY', true, 2376]);
    expect(await tls({}, { ...env, DOCKER_TLS: '1' })).toEqual(['CA', 'null', 'KEY', false, 2376]);
    expect(await tls({}, env)).toBeNull();
  });

  test('of a context, and of the profile before it', async () => {
    context('prod', { Host: 'tcp://h:1', SkipTLSVerify: true }, { 'cert.pem': 'CERT' });
    expect(await tls({ context: 'prod' })).toEqual(['null', 'CERT', 'null', false, 1]);
    const mine = join(config, 'mine.pem');
    writeFileSync(mine, 'MINE');
    expect(await tls({ context: 'prod', tls: { ca: mine } })).toEqual(['MINE', 'null', 'null', true, 1]);
    expect(await tls({ host: 'tcp://h', tls: { verify: false } })).toEqual(['null', 'null', 'null', false, 2376]);
    const missing = tls({ host: 'tcp://h', tls: { key: join(config, 'nope') } });
    await expect(missing).rejects.toMatchObject({ trouble: { on: join(config, 'nope'), fix: expect.anything() } });
  });
});

test('options: what a profile may say', () => {
  const parse = (options: object) => SwarmOptions.safeParse({ kind: 'swarm', ...options }).success;
  expect(parse({})).toBe(true);
  expect(parse({ host: 'ssh://ops@m1:22' })).toBe(true);
  expect(parse({ host: 'm1' })).toBe(false);
  expect(parse({ host: 'unix://relative' })).toBe(false);
  expect(parse({ host: 'tcp://h', context: 'prod' })).toBe(false);
  expect(parse({ hots: 'tcp://h' })).toBe(false);
  expect(parse({ tls: { ca: '/ca.pem', verify: false } })).toBe(true);
});
