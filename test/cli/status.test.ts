import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { StatusOutput } from '../../src/cli/json.ts';
import type { Sink } from '../../src/sources/source.ts';
import { check, directory, node, pool, replica, workload } from '../helpers/nouns.ts';
import { fakeIo, live, type Played, play, type Scripts } from './harness.ts';

const trouble = { what: 'connect', on: 'prod', why: 'connection refused', fix: 'is it up?' };

/** A cluster with one node and one workload of one pod. */
const cluster =
  (change: { ready?: boolean; lastRestartAt?: number } = {}) =>
  (sink: Sink): void => {
    const { ready = true, lastRestartAt = null } = change;
    sink.state({ phase: 'live', proof: true, target: 'prod · v1.35.4' });
    const put = <K extends 'node' | 'workload' | 'replica'>(
      kind: K,
      noun: Parameters<ReturnType<typeof sink.list<K>>['put']>[0],
    ) => {
      const listing = sink.list(kind);
      listing.put(noun);
      listing.end();
    };
    put('node', [node('w1', { source: 'kubernetes' })]);
    put('workload', [workload('web', { source: 'kubernetes', ready: ready ? 1 : 0 })]);
    put('replica', [
      replica('web-1', 'web', {
        source: 'kubernetes',
        ready,
        state: ready ? 'Running' : 'CrashLoopBackOff',
        message: ready ? null : 'exit 1',
        restarts: lastRestartAt === null ? 0 : 1,
        lastRestartAt,
      }),
    ]);
  };

const nearlyFull = (sink: Sink): void => {
  live('directory', 'storage')(sink);
  sink.put([directory('full', { source: 'cephfs', id: 'cephfs/dir/full', usedBytes: 9 * 2 ** 30 })]);
};

const status = async (
  scripts: Scripts,
  flags = '',
): Promise<{ played: Played; output: z.output<typeof StatusOutput> }> => {
  const played = await play(`status --json ${flags}`, scripts);
  return { played, output: StatusOutput.parse(played.json) };
};

describe('the exit code', () => {
  test('0 when all that is configured is live and well', async () => {
    const { played, output } = await status({ kubernetes: cluster() });
    expect(played.code).toBe(0);
    expect(output).toMatchObject({ platform: 'prod', health: 'ok', problems: [] });
    expect(output.counts.nodes).toEqual({
      total: 1,
      ok: 1,
      busy: 0,
      warn: 0,
      bad: 0,
      off: 0,
      unknown: 0,
      complete: true,
    });
  });

  test('1 for a warning', async () => {
    const scripts = { cephfs: nearlyFull };
    const { played, output } = await status(scripts);
    expect(played.code).toBe(1);
    expect(output.health).toBe('warn');
    expect(output.problems).toEqual([
      { id: 'cephfs/dir/full', kind: 'Directory', name: 'full', health: 'warn', reason: 'quota at 90 %' },
    ]);
  });

  test('2 for what is bad, once and at the workload, even when a source is not live', async () => {
    const { played, output } = await status(
      { kubernetes: cluster({ ready: false }), swarm: () => {} },
      '--timeout 50ms',
    );
    expect(played.code).toBe(2);
    expect(output.health).toBe('bad');
    expect(output.problems).toMatchObject([{ kind: 'Workload', name: 'web', reason: 'CrashLoopBackOff: exit 1' }]);
  });

  test('3 when a source is not live, even when another warns', async () => {
    const { played, output } = await status(
      { cephfs: nearlyFull, kubernetes: sink => sink.state({ phase: 'connecting', trouble }) },
      '--timeout 50ms',
    );
    expect(played.code).toBe(3);
    expect(output.health).toBe('unknown');
    expect(output.sources.find(({ name }) => name === 'kubernetes')).toMatchObject({
      kind: 'kubernetes',
      state: 'connecting',
      observedAt: null,
      error: 'connect on prod: connection refused (is it up?)',
    });
    expect(output.counts.nodes).toBeNull();
  });

  test('3 at once when a source was refused: nothing to wait for', async () => {
    const { played, output } = await status(
      { kubernetes: sink => sink.state({ phase: 'refused', trouble }) },
      '--timeout 1h',
    );
    expect(played.code).toBe(3);
    expect(output.sources[0]?.state).toBe('refused');
  });
});

test('it waits until the lists are complete, and not longer', async () => {
  const steps: string[] = [];
  const slow = (sink: Sink) => {
    sink.state({ phase: 'live', proof: true });
    sink.coverage('node', { state: 'asking' });
    setTimeout(() => {
      steps.push('nodes');
      cluster()(sink);
      sink.coverage('service', { state: 'asking' });
      setTimeout(() => {
        steps.push('services');
        sink.list('service').end();
      }, 20);
    }, 20);
  };
  const { played, output } = await status({ kubernetes: slow }, '--timeout 1h');
  expect(steps).toEqual(['nodes', 'services']);
  expect(played.code).toBe(0);
  expect(output.counts.services).toMatchObject({ total: 0, complete: true });
});

test('what nobody can tell is null, what is not allowed is incomplete, what is not there is 0', async () => {
  const partly = (sink: Sink) => {
    cluster()(sink);
    sink.coverage('service', { state: 'forbidden', trouble });
    sink.list('claim').end();
  };
  const { output } = await status({ kubernetes: partly });
  expect(output.counts).toMatchObject({ services: null, pools: null, claims: { total: 0, complete: true } });
  const { stdout } = await play('status', { kubernetes: partly });
  expect(stdout).toMatch(/^services +not known: kubernetes: not allowed: connect on prod: connection refused/m);
  expect(stdout).toMatch(/^claims +none exist$/m);
  expect(stdout).not.toMatch(/^pools/m);
});

test('the text: problems first with the reason under each, then the sources, then a line for what is well', async () => {
  const { stdout, code } = await play('status --timeout 50ms', {
    kubernetes: cluster({ ready: false }),
    postgres: sink => {
      live('pool', 'database', 'instance')(sink);
      sink.put([pool('pool-3', { source: 'postgres', connections: 93 })]);
    },
    swarm: sink => sink.state({ phase: 'connecting', trouble }),
  });
  expect(code).toBe(2);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'prod  ✖ 1 bad  ▲ 1 warning  Mon 23 Nov 14:03:00',
    '',
    '✖ web     workload in saasodoo',
    '    CrashLoopBackOff: exit 1',
    '▲ pool-3  pool',
    '    connections at 93 %',
    '',
    '● kubernetes  live · prod · v1.35.4',
    '● postgres    live',
    '◍ swarm       no answer yet',
    '    connect on prod: connection refused (is it up?)',
    '',
    'nodes        1 well; incomplete: swarm: no answer yet',
    'workloads    1 bad; incomplete: swarm: no answer yet',
    'pods         1 bad; incomplete: swarm: no answer yet',
    'networks     not known: swarm: no answer yet',
    'pools        1 warning',
    'databases    none exist',
    'instances    none exist',
    'routes       not known: swarm: no answer yet',
  ]);
});

describe('many problems', () => {
  const pending = 'pending: no suitable node (insufficient memory)';
  const crowd = (sink: Sink): void => {
    live('node', 'workload', 'replica', 'service', 'claim')(sink);
    const broken = (name: string, message: string) =>
      workload(name, { source: 'kubernetes', id: `kubernetes/saasodoo/deployment/${name}`, ready: 0, message });
    sink.put([broken('alone', 'image not found')]);
    sink.put(Array.from({ length: 282 }, (_, n) => broken(`web-${n}`, pending)));
  };

  test('are told together where kind and reason are the same; JSON stays whole', async () => {
    const { stdout, code } = await play('status', { kubernetes: crowd });
    expect(code).toBe(2);
    const reason = expect.stringContaining(pending);
    const lines = stdout.split('\n');
    expect(lines.slice(2, 7)).toEqual([
      '✖ alone          workload in saasodoo',
      expect.stringContaining('image not found'),
      '✖ 282 workloads  web-0, web-1, web-2, …',
      reason,
      '',
    ]);
    expect(stdout).not.toContain('more (');
    expect((await status({ kubernetes: crowd })).output.problems).toHaveLength(283);
  });

  test('of which no two are alike are cut, with the command that lists them', async () => {
    const many = (sink: Sink): void => {
      crowd(sink);
      const names = Array.from({ length: 30 }, (_, n) => `odd-${String(n).padStart(2, '0')}`);
      sink.put(names.map(name => workload(name, { source: 'kubernetes', id: name, ready: 0, message: name })));
    };
    const { stdout } = await play('status', { kubernetes: many });
    expect(stdout.match(/^✖ .*/gm)).toHaveLength(20);
    expect(stdout).toMatch(/^and 12 more \(quarterdeck get workloads --filter 'status=bad'\)$/m);
  });
});

test('ASCII alone where that is asked for, and lines no wider than the terminal', async () => {
  const io = fakeIo({ columns: 40 });
  const { stdout } = await play('status --ascii', { kubernetes: cluster({ ready: false }) }, { io });
  expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  expect(stdout).toMatch(/^x web/m);
});

test('colours in a terminal that has them, and never with NO_COLOR or --no-color', async () => {
  const at = (env: Record<string, string>) => ({ io: Object.assign(fakeIo({ columns: 120, env }), { colorDepth: 8 }) });
  const { stdout } = await play('status', { kubernetes: cluster({ ready: false }) }, at({}));
  expect(stdout).toContain('\x1b[31m');
  for (const [flag, env] of [
    ['', { NO_COLOR: '1' }],
    ['--no-color', {}],
  ] as const) {
    expect((await play(`status ${flag}`, { kubernetes: cluster({ ready: false }) }, at(env))).stdout).not.toContain(
      '\x1b',
    );
  }
});

test('waits until every endpoint was asked, not only the first that answers', async () => {
  const { stdout } = await play('status --json', {
    http: sink => {
      const unasked = { status: null, latencyMs: null };
      const listing = sink.list('check');
      listing.put([check('quick', { source: 'http' }), check('slow', { source: 'http', ...unasked })]);
      listing.end();
      sink.state({ phase: 'live', proof: true });
      setTimeout(() => sink.put([check('slow', { source: 'http', failure: 'status 503' })]), 50);
    },
  });
  expect(JSON.parse(stdout).problems).toMatchObject([{ name: 'slow', reason: 'status 503' }]);
});
