import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listContexts, namespaceOf } from '../../../src/sources/kubernetes/index.ts';
import { kubernetesOptions } from '../../../src/sources/kubernetes/options.ts';
import { startApi, until, watch } from './harness.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-config-'));
  vi.stubEnv('HOME', folder);
  vi.stubEnv('KUBECONFIG', '');
  vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function write(name: string, current: string, contexts: string[], server = 'https://127.0.0.1:1'): string {
  const file = join(folder, name);
  const config = {
    'current-context': current,
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'ops', user: { token: 'x' } }],
    contexts: contexts.map(context => ({
      name: context,
      context: { cluster: 'c', user: 'ops', namespace: `ns-${context}` },
    })),
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

describe('as kubectl', () => {
  test('of several files the first one that says a thing decides, and missing ones are passed over', async () => {
    const first = write('first', '', ['a'], 'https://first:1');
    const second = write('second', 'b', ['a', 'b'], 'https://second:2');
    vi.stubEnv('KUBECONFIG', [join(folder, 'missing'), first, second].join(':'));
    expect(await listContexts()).toEqual([
      { name: 'a', current: false, namespace: 'ns-a', user: 'ops', server: 'https://first:1' },
      { name: 'b', current: true, namespace: 'ns-b', user: 'ops', server: 'https://first:1' },
    ]);
  });

  test('without KUBECONFIG it is ~/.kube/config', async () => {
    mkdirSync(join(folder, '.kube'));
    write('.kube/config', 'home', ['home']);
    expect(await namespaceOf({})).toBe('ns-home');
    expect(await namespaceOf({ kubeconfig: '~/.kube/config' })).toBe('ns-home');
  });

  test('a named file and context come before all', async () => {
    vi.stubEnv('KUBECONFIG', write('env', 'e', ['e']));
    const kubeconfig = write('named', 'a', ['a', 'b']);
    expect(await namespaceOf({ kubeconfig, context: 'b' })).toBe('ns-b');
  });

  test('a context without a namespace means default', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, 'current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\n');
    expect(await namespaceOf({ kubeconfig: file })).toBe('default');
  });
});

describe('what is wrong is said', () => {
  test.each([
    ['nothing anywhere', {}, { what: 'find a kubeconfig', why: 'there is no ~/.kube/config' }],
    ['a missing file', { kubeconfig: '/nowhere/config' }, { what: 'read the kubeconfig', on: '/nowhere/config' }],
    ['no such context', { context: 'gone' }, { why: 'there is no context gone', fix: 'take one of a, b' }],
  ])('%s', async (_what, options, trouble) => {
    if ('context' in options) vi.stubEnv('KUBECONFIG', write('config', 'a', ['a', 'b']));
    await expect(namespaceOf(options)).rejects.toMatchObject({ trouble });
  });

  test('a list of files of which none is there', async () => {
    vi.stubEnv('KUBECONFIG', '/nowhere/a:/nowhere/b');
    await expect(namespaceOf({})).rejects.toMatchObject({
      trouble: { why: 'none of the files of KUBECONFIG is there: /nowhere/a:/nowhere/b' },
    });
  });

  test('no current context', async () => {
    const kubeconfig = write('none', '', ['a']);
    await expect(namespaceOf({ kubeconfig })).rejects.toMatchObject({
      trouble: { why: 'it names no current context' },
    });
  });

  test('broken YAML', async () => {
    const kubeconfig = join(folder, 'broken');
    writeFileSync(kubeconfig, 'contexts: [\n  token: hunter2hunter2');
    const refused = namespaceOf({ kubeconfig });
    await expect(refused).rejects.toMatchObject({ trouble: { what: 'read the kubeconfig', on: kubeconfig } });
    await expect(refused).rejects.not.toThrow('hunter2');
  });
});

describe('the token of an OIDC provider', () => {
  const tokenUntil = (seconds: number) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'RS256' })}.${part({ exp: seconds })}.signature`;
  };
  const withToken = (token: string) => ({
    users: [
      {
        name: 'ops',
        user: {
          'auth-provider': {
            name: 'oidc',
            config: {
              'id-token': token,
              'refresh-token': 'good for one time',
              'client-id': 'kubectl',
              'idp-issuer-url': 'https://127.0.0.1:1',
            },
          },
        },
      },
    ],
  });

  test('is taken from the kubeconfig, and again when kubectl has renewed it there', async () => {
    const api = await startApi();
    const [old, young] = [tokenUntil(1), tokenUntil(4e9)];
    api.token = young;
    api.writeKubeconfig('lab', withToken(old));
    const { sink } = watch(api);
    await until(() => sink.phase === 'refused');
    expect(sink.states.at(-1)?.trouble).toMatchObject({ fix: expect.stringContaining('log in again') });
    api.writeKubeconfig('lab', withToken(young));
    await until(() => sink.phase === 'live');
  });
});

describe('credentials plugins', () => {
  /** A plugin that keeps count of its runs and gives the token of a file. */
  function plugin(script: string): { command: string; runs(): number } {
    const log = join(folder, 'runs');
    writeFileSync(join(folder, 'plugin.sh'), `#!/bin/sh\necho run >> ${log}\n${script}\n`);
    chmodSync(join(folder, 'plugin.sh'), 0o755);
    const runs = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0);
    return { command: './plugin.sh', runs };
  }

  function withPlugin(server: string, command: string): string {
    const kubeconfig = join(folder, 'exec');
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
    const config = {
      'current-context': 'lab',
      clusters: [{ name: 'c', cluster: { server } }],
      contexts: [{ name: 'lab', context: { cluster: 'c', user: 'ops' } }],
      users: [{ name: 'ops', user: { exec } }],
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    return kubeconfig;
  }

  test('is run once for all that asks, told what is wanted, and run again when its token is refused', async () => {
    const api = await startApi();
    const token = join(folder, 'token');
    writeFileSync(token, api.token);
    const { command, runs } = plugin(
      `case "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*) printf '{"status":{"token":"%s"}}' "$(cat ${token})";; esac`,
    );
    const { sink } = watch(api, { kubeconfig: withPlugin(api.url, command) });
    await until(() => sink.phase === 'live' && sink.coverages.get('replica')?.state === 'complete');
    expect(runs()).toBe(1);
    api.token = 'token-of-tomorrow';
    writeFileSync(token, api.token);
    const { proofs } = sink;
    await until(() => sink.proofs > proofs + 2);
    expect(runs()).toBe(2);
  });

  test('whose token stays refused is not run at every question', async () => {
    const api = await startApi();
    const { command, runs } = plugin(`printf '{"status":{"token":"stale"}}'`);
    const { sink } = watch(api, { kubeconfig: withPlugin(api.url, command) }, { renewMs: 600_000 });
    await until(() => sink.phase === 'refused');
    await until(() => api.count('readyz') > 10);
    expect(runs()).toBe(2);
  });

  test('that fails is told in its own words, masked', async () => {
    const api = await startApi();
    const { command } = plugin('echo "login expired, token=hunter2hunter2" >&2; exit 1');
    const { sink } = watch(api, { kubeconfig: withPlugin(api.url, command) });
    await until(() => sink.phase === 'stale');
    expect(sink.trouble).toMatchObject({ why: 'login expired, token=********' });
    expect(api.asked).toEqual([]);
  });

  test('that hangs is told as such, is not started twice, and ends with the source', async () => {
    const api = await startApi();
    const { command, runs } = plugin(`echo $$ > ${folder}/pid; exec sleep 600`);
    const { sink, source } = watch(
      api,
      { kubeconfig: withPlugin(api.url, command) },
      { pulseDeadlineMs: 60, answerMs: 60 },
    );
    await until(() => sink.phase === 'stale');
    expect(sink.trouble).toMatchObject({
      what: 'get credentials',
      fix: 'it may want a login: run kubectl get nodes once',
    });
    await until(() => sink.coverages.get('replica')?.state === 'failed');
    expect(runs()).toBe(1);
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).not.toThrow();
    await source.stop();
    await until(() => gone(pid));
  });

  test('that hangs is killed at its deadline and tried again, so that a login is noticed', async () => {
    const api = await startApi();
    const { command, runs } = plugin(
      `[ -e ${folder}/login ] || exec sleep 600; printf '{"status":{"token":"${api.token}"}}'`,
    );
    const { sink } = watch(api, { kubeconfig: withPlugin(api.url, command) }, { pluginMs: 150 });
    await until(() => sink.phase === 'stale' && runs() > 1);
    expect(sink.trouble).toMatchObject({ on: 'the plugin ./plugin.sh', why: 'it did not end within 0.15 s' });
    writeFileSync(join(folder, 'login'), '');
    await until(() => sink.phase === 'live');
  });

  test.each(['nonsense', '{}', 'null', '{"status":null}', ''])('that prints %j is told', async printed => {
    const api = await startApi();
    const { command } = plugin(`printf '%s' '${printed}'`);
    const { sink } = watch(api, { kubeconfig: withPlugin(api.url, command) });
    await until(() => sink.phase === 'stale');
    expect(sink.trouble).toMatchObject({ why: 'it printed no ExecCredential with a status' });
  });

  test('that is not installed is named', async () => {
    const api = await startApi();
    const { sink } = watch(api, { kubeconfig: withPlugin(api.url, 'no-such-plugin-here') });
    await until(() => sink.phase === 'stale');
    expect(sink.trouble).toMatchObject({ on: 'the plugin no-such-plugin-here', why: 'it is not installed' });
  });

  test('token files end with a newline', async () => {
    const api = await startApi();
    writeFileSync(join(folder, 'token'), `${api.token}\n`);
    api.writeKubeconfig('lab', { users: [{ name: 'ops', user: { 'token-file': join(folder, 'token') } }] });
    const { sink } = watch(api);
    await until(() => sink.phase === 'live');
  });
});

function gone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

test('options', () => {
  expect(kubernetesOptions.parse({ kind: 'kubernetes' })).toEqual({ kind: 'kubernetes', namespaces: 'all' });
  expect(kubernetesOptions.safeParse({ kind: 'kubernetes', namespaces: ['a', 'b-1'] }).success).toBe(true);
  for (const wrong of [
    { namespaces: [] },
    { namespaces: ['A'] },
    { namespaces: 'some' },
    { context: '' },
    { token: 'x' },
  ]) {
    expect(kubernetesOptions.safeParse({ kind: 'kubernetes', ...wrong }).success).toBe(false);
  }
});
