import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventOutput, ListOutput, StatusOutput } from '../../src/cli/json.ts';
import type { Platform } from '../../src/cli/platform.ts';
import { run, VERSION } from '../../src/cli/run.ts';
import type { Findings, Found } from '../../src/discovery/found.ts';
import { configFolder, profilePath } from '../../src/profile/folders.ts';
import { parseProfile } from '../../src/profile/load.ts';
import { fakeIo, fakeSource, live, NOTHING, NOW, play, play0, tempFolder, words } from './harness.ts';

const HOST: Found = {
  kind: 'host',
  name: 'host',
  title: 'this machine',
  note: null,
  options: { kind: 'host' },
  isDefault: true,
};
const CLUSTER: Found = {
  kind: 'kubernetes',
  name: 'kubernetes',
  title: 'Kubernetes context lab',
  note: 'https://127.0.0.1:6443 · current context',
  options: { kind: 'kubernetes', context: 'lab' },
  isDefault: true,
  namespace: 'shop',
};
const OTHER: Found = {
  ...CLUSTER,
  name: 'other',
  title: 'Kubernetes context other',
  isDefault: false,
  options: { kind: 'kubernetes', context: 'other' },
};

const finds = (findings: Findings) => ({ discover: async () => findings });
const create = async (name: string, { kind }: { kind: Found['kind'] }) =>
  fakeSource(name, kind, live('node', 'workload', 'replica', 'host', 'pool', 'directory', 'check'));

/** An embedded platform that counts how often it was started and ended. */
function demo() {
  const calls = { started: 0, closed: 0 };
  const start = async (): Promise<Platform> => {
    calls.started++;
    const { sources, ...profile } = parseProfile('name: demo\nsources: { host: { kind: host } }', 'demo.yaml');
    const close = async () => void calls.closed++;
    const rest = {
      origin: 'the embedded platform',
      storePath: ':memory:',
      triggers: [],
      trigger: async () => null,
      close,
    };
    const kinds = { host: 'host' as const };
    return { name: 'demo', title: 'demo', profile, kinds, sources: Promise.resolve(sources), demo: true, ...rest };
  };
  return { calls, start };
}

test('--help and --version', async () => {
  const io = fakeIo();
  expect(await play0(['--version'], io)).toBe(0);
  expect(io.stdout).toBe(`${VERSION}\n`);
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
  expect(await play0(['get', '--help'], io)).toBe(0);
  expect(io.stdout).toContain('Usage:');
});

describe('mistakes', () => {
  test.each([
    'stauts',
    '--frobnicate',
    '--choose',
    'status --choose',
    'config check --choose',
    'get',
    'get podz',
    'config frob',
    'events --since soon',
  ])('%s: 64 and one sentence', async line => {
    const io = fakeIo();
    expect(await play0(words(line), io)).toBe(64);
    expect(io.stdout).toBe('');
    expect(io.stderr).toMatch(/^quarterdeck: .+\n$/);
  });

  test('a profile: 64 with file, line and key', async () => {
    const file = join(tempFolder(), 'bad.yaml');
    writeFileSync(file, 'sources:\n  prod:\n    kind: kubernets\n');
    const io = fakeIo();
    expect(await play0(['status', '--profile', file], io)).toBe(64);
    expect(io.stderr).toMatch(/bad\.yaml:3: sources\.prod\.kind must be one of .*did you mean kubernetes\?/);
  });

  test('a platform that has no profile: 64, and which there are', async () => {
    const io = fakeIo();
    expect(await play0(['status', '--platform', 'saasodo'], io)).toBe(64);
    expect(io.stderr).toMatch(/there is no .*saasodo\.yaml; did you mean saasodoo\?/);
  });

  test('a fault of our own: 70, and the log has the rest', async () => {
    const io = fakeIo();
    const log: string[] = [];
    const discover = async () => Promise.reject(new TypeError('x is not a function'));
    const outcome = await run(['status'], io, { discover, log: line => log.push(line) });
    expect(outcome).toBe(70);
    expect(io.stderr).toMatch(/fault of its own: x is not a function/);
    expect(log.join()).toMatch(/TypeError: x is not a function\n\s+at /);
  });
});

test('a source that cannot even be made is told as one that is not live', async () => {
  const io = fakeIo();
  const found = finds({ found: [CLUSTER], passed: [] });
  expect(
    await play0(['status'], io, { ...found, create: async () => Promise.reject(new Error('no such module')) }),
  ).toBe(3);
  expect(io.stdout).toMatch(/✖ kubernetes {2}refused\n {4}start the source on kubernetes: no such module/);
});

describe('without a profile and without a terminal', () => {
  test('no command is the status of what is found, and stderr says which', async () => {
    const io = fakeIo();
    expect(await play0([], io, { ...finds({ found: [CLUSTER, OTHER, HOST], passed: [] }), create })).toBe(0);
    expect(io.stderr).toBe(
      'quarterdeck: no profile: watching Kubernetes context lab (https://127.0.0.1:6443 · current context)\n',
    );
    expect(io.stdout).toMatch(/^● kubernetes {2}live$/m);
    expect(io.stdout).not.toMatch(/other/);
  });

  test.each([[], ['--or-demo'], ['get', 'nodes'], ['events'], ['doctor']])(
    'nothing is found: 3 and the reason, never the demo: %s',
    async (...argv) => {
      const io = fakeIo();
      const { calls, start } = demo();
      const passed = ['the Docker engine at unix:///x belongs to no swarm'];
      expect(await play0(argv, io, { ...finds({ found: [HOST], passed }), demo: start, create })).toBe(3);
      expect(calls.started).toBe(0);
      expect(io.stdout + io.stderr).toMatch(/no kubeconfig.*belongs to no swarm/);
    },
  );

  test('the demo where it is asked for: marked in every answer, and ended', async () => {
    const { calls, start } = demo();
    const ask = async (line: string) => {
      const io = fakeIo();
      await play0([...words(line), '--demo'], io, { demo: start, create });
      return io;
    };
    expect(StatusOutput.parse(JSON.parse((await ask('status --json')).stdout)).demo).toBe(true);
    expect(ListOutput.parse(JSON.parse((await ask('get hosts --json')).stdout)).demo).toBe(true);
    expect((await ask('status')).stdout).toMatch(/^demo: /);
    expect((await ask('doctor')).stdout).toMatch(/^demo: /);
    expect((await ask('get nodes')).stderr).toMatch(/demo: /);
    expect((await ask('events')).stderr).toMatch(/demo: /);
    expect(calls).toEqual({ started: 6, closed: 6 });
  });

  test('an event of the demo says so', () => {
    const event = {
      apiVersion: 'quarterdeck/v1',
      demo: true,
      id: 'a',
      kind: 'Event',
      name: 'a',
      source: 'a',
      health: 'ok',
      reason: 'r',
    };
    const rest = {
      observedAt: new Date(NOW).toISOString(),
      firstAt: new Date(NOW).toISOString(),
      severity: 'info',
      about: null,
      message: '',
      count: 1,
    };
    expect(EventOutput.parse({ ...event, ...rest }).demo).toBe(true);
  });
});

describe('in a terminal', () => {
  const open = async (argv: string[], findings = NOTHING, start = demo().start) => {
    const outcome = await run(argv, fakeIo({ columns: 80 }), { ...finds(findings), demo: start, log: () => {} });
    if (typeof outcome === 'number') throw new Error(`ended with ${outcome}`);
    return outcome;
  };

  test('the start screen when nothing is named, whatever is found', async () => {
    expect((await open([])).platform).toBeNull();
    expect((await open([], { found: [CLUSTER, HOST], passed: [] })).platform).toBeNull();
  });

  test('what is named', async () => {
    const file = join(tempFolder(), 'own.yaml');
    writeFileSync(file, 'title: Own platform');
    expect((await open(['--profile', file])).platform).toMatchObject({
      name: 'own',
      title: 'Own platform',
      demo: false,
    });
    expect((await open(['--demo'])).platform).toMatchObject({ demo: true });
  });

  test('the only saved profile, or the one that is called default, and no other', async () => {
    const env = { XDG_CONFIG_HOME: tempFolder() };
    const call = async (...argv: string[]) => {
      const outcome = await run(argv, fakeIo({ columns: 80, env }), { ...finds(NOTHING), log: () => {} });
      return typeof outcome === 'number' ? outcome : (outcome.platform?.name ?? null);
    };
    const save = (name: string) => writeFileSync(profilePath(name, env), 'sources: { host: { kind: host } }');
    mkdirSync(configFolder(env), { recursive: true });
    expect(await call()).toBeNull();
    save('prod');
    expect(await call()).toBe('prod');
    expect(await call('--or-demo')).toBe('prod');
    expect(await call('--choose')).toBeNull();
    save('test');
    expect(await call()).toBeNull();
    expect(await call('--platform', 'test')).toBe('test');
    save('default');
    expect(await call()).toBe('default');
    expect(await call('--choose')).toBeNull();
    writeFileSync(profilePath('default', env), 'sources: 7');
    expect(await call()).toBe(64);
  });

  test('npm start asks as well: the start screen opens the demo where nothing is found', async () => {
    const { calls, start } = demo();
    expect((await open(['--or-demo'], { found: [HOST], passed: [] }, start)).platform).toBeNull();
    expect(calls.started).toBe(0);
  });

  test('no colours with NO_COLOR, --no-color, and where there are none', async () => {
    const colors = async (argv: string[], depth: number, env = {}) => {
      const io = Object.assign(fakeIo({ columns: 80, env }), { colorDepth: depth });
      const outcome = await run(argv, io, { ...finds(NOTHING), log: () => {} });
      return typeof outcome === 'number' ? outcome : outcome.colors;
    };
    expect(await colors([], 24)).toBe('full');
    expect(await colors([], 4)).toBe('16');
    expect(await colors([], 1)).toBe('none');
    expect(await colors(['--no-color'], 24)).toBe('none');
    expect(await colors([], 24, { NO_COLOR: '1' })).toBe('none');
  });
});

describe('config', () => {
  test('init writes what was found, for this user alone, and never over a file', async () => {
    const io = fakeIo();
    const found = finds({ found: [CLUSTER, OTHER, HOST], passed: ['kubeconfig: broken'] });
    expect(await play0(['config', 'init', 'lab'], io, found)).toBe(0);
    const path = profilePath('lab', io.env);
    expect(io.stdout).toBe(`${path}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(parseProfile(text, path)).toMatchObject({
      name: 'lab',
      namespace: 'shop',
      sources: { kubernetes: { kind: 'kubernetes', context: 'lab' }, host: { kind: 'host' } },
    });
    expect(Object.keys(parseProfile(text.replaceAll(/^ {2}# (?=other| {2})/gm, '  '), path).sources)).toContain(
      'other',
    );
    expect(text).toMatch(/# Passed over:\n {2}# {3}kubeconfig: broken/);
    expect(existsSync(join(configFolder(io.env), 'profile.schema.json'))).toBe(true);

    writeFileSync(path, 'title: Mine\n');
    expect(await play0(['config', 'init', 'lab'], io, found)).toBe(64);
    expect(io.stderr).toMatch(/is there already and is not written over/);
    expect(readFileSync(path, 'utf8')).toBe('title: Mine\n');
    expect(await play0(['config', 'init', '../evil'], io, found)).toBe(64);
  });

  test('check: each file in a line, all mistakes at once', async () => {
    const io = fakeIo();
    await play0(['config', 'init', 'lab'], io, finds({ found: [CLUSTER, HOST], passed: [] }));
    expect(await play0(['config', 'check'], io)).toBe(0);
    expect(io.stdout).toMatch(/lab\.yaml: good: platform lab, sources kubernetes, host\n$/);
    const bad = join(tempFolder(), 'bad.yaml');
    writeFileSync(bad, 'title: 7\nsorces: {}\n');
    expect(await play0(['config', 'check', bad], io)).toBe(64);
    expect(io.stderr).toMatch(/bad\.yaml:1: title .*\n.*bad\.yaml:2: sorces unknown key; did you mean sources\?/);
  });

  test('schema: JSON Schema with every kind of source', async () => {
    const io = fakeIo();
    expect(await play0(['config', 'schema'], io)).toBe(0);
    const schema = JSON.parse(io.stdout);
    expect(schema.$schema).toMatch(/json-schema/);
    for (const kind of ['kubernetes', 'swarm', 'postgres', 'cephfs', 'http', 'host'])
      expect(io.stdout).toContain(`"const": "${kind}"`);
  });
});

test('the sources are stopped whatever happens', async () => {
  const sources: ReturnType<typeof fakeSource>[] = [];
  const io = fakeIo();
  const argv = ['get', 'nodes'];
  await play0(argv, io, {
    ...finds({ found: [CLUSTER], passed: [] }),
    create: async (name, { kind }) => {
      const source = fakeSource(name, kind, live('node', 'workload', 'replica'));
      sources.push(source);
      return source;
    },
  });
  expect(sources.map(({ stopped }) => stopped)).toEqual([1]);
});

test('Ctrl-C ends the waiting', async () => {
  const io = fakeIo();
  const { code, stdout } = await play('status --timeout 1h', { kubernetes: () => setTimeout(io.end, 20) }, { io });
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
});
