import { describe, expect, test } from 'vitest';
import { ListOutput } from '../../src/cli/json.ts';
import { LISTINGS, listingOf } from '../../src/cli/kinds.ts';
import { KINDS } from '../../src/model/entity.ts';
import type { Sink, SourceKind } from '../../src/sources/source.ts';
import { pool } from '../helpers/nouns.ts';
import { EVERY_KIND } from './every-kind.ts';
import { fakeIo, live, play, type Scripts } from './harness.ts';

const tells = (kind: SourceKind) => (sink: Sink) => {
  live(...KINDS)(sink);
  sink.put(EVERY_KIND.filter(({ source }) => source === kind));
};
const everything: Scripts = Object.fromEntries(
  (['kubernetes', 'swarm', 'postgres', 'cephfs', 'http', 'host'] as const).map(kind => [kind, tells(kind)]),
);

const get = async (line: string, scripts = everything, extra = '') => {
  const played = await play(`get ${line} --json`, scripts, { extra });
  return { ...played, list: ListOutput.parse(played.json) };
};
const namesOf = ({ list }: Awaited<ReturnType<typeof get>>) => list.items.map(({ name }) => name);

describe('every kind has its shape in JSON, and a table', () => {
  test.each(LISTINGS.map(({ name, list }) => [name, list]))('%s', async (name, list) => {
    const answer = await get(name);
    expect(answer.code).toBe(0);
    expect(answer.list).toMatchObject({ apiVersion: 'quarterdeck/v1', kind: list, incomplete: [] });
    const { stdout, code } = await play(`get ${name}`, everything);
    expect(code).toBe(0);
    for (const item of answer.list.items) if (item.kind !== 'Backup') expect(stdout).toContain(item.name);
  });

  test.each([
    ['nodes', ['vps-1', 'w1']],
    ['workloads', ['traefik', 'web']],
    ['deployments', ['web']],
    ['services', ['traefik', 'web']],
    ['pods', ['traefik.1', 'web-1', 'web-2']],
    ['tasks', ['traefik.1']],
    ['quotas', ['odoo_data_acme']],
    ['pvc', ['data']],
    ['backups', ['acme_20261123_020011']],
    ['checks', ['web']],
  ])('%s are %j', async (name, names) => expect(namesOf(await get(name))).toEqual(names));
});

test('services name the kind of each item', async () => {
  const { list } = await get('services');
  expect(list.items).toMatchObject([
    { kind: 'Workload', system: 'swarm', type: 'Service' },
    { kind: 'Service', type: 'ClusterIP' },
  ]);
});

test('numbers in base units, times in ISO 8601, ids beside names, unknown as null', async () => {
  const { list } = await get('pods --filter traefik');
  expect(list.observedAt).toBe('2026-11-23T14:03:00.000Z');
  expect(list.items).toMatchObject([
    { kind: 'Task', node: 'vps-1', nodeId: 'swarm/node/abc', workload: 'traefik', slot: 1, cpuUsedMillicores: null },
  ]);
  const [backup] = (await get('backups')).list.items;
  expect(backup).toMatchObject({ ageSeconds: 12 * 3600, dataBytes: 0, health: 'bad' });
});

describe('what is chosen', () => {
  test('a filter, and an order', async () => {
    expect(namesOf(await get('pods --filter cpu>200m --sort -cpu'))).toEqual(['web-2', 'web-1']);
    expect(namesOf(await get('pods --sort cpuUsedMillicores'))).toEqual(['web-1', 'web-2', 'traefik.1']);
    expect(namesOf(await get("pods --filter 'node=vps-1 kind=task'"))).toEqual(['traefik.1']);
  });

  test('a namespace: strictly when it is asked for, beside all of Swarm when the profile names one', async () => {
    expect(namesOf(await get('pods -n other'))).toEqual(['web-2']);
    expect(namesOf(await get('pods -n infra'))).toEqual(['traefik.1']);
    expect(namesOf(await get('pods', everything, 'namespace: other'))).toEqual(['traefik.1', 'web-2']);
    expect(namesOf(await get('pods -A', everything, 'namespace: other'))).toHaveLength(3);
  });

  test.each([
    ['pods --filter cpu>', /^quarterdeck: --filter: cpu> what\?/],
    ['pods --sort cpuu', /^quarterdeck: --sort: no field "cpuu"; did you mean cpu\?/],
    ['podz', /^quarterdeck: there is no kind "podz"; did you mean pods\?/],
  ])('a mistake in "%s" asks nobody', async (line, told) => {
    let asked = 0;
    const { code, stderr, stdout } = await play(`get ${line}`, { kubernetes: () => asked++ });
    expect({ code, stdout, asked }).toEqual({ code: 64, stdout: '', asked: 0 });
    expect(stderr).toMatch(told);
  });
});

describe('what is missing is told', () => {
  const trouble = { what: 'list pods', on: 'prod', why: 'forbidden', fix: 'the right "list" on pods' };
  const partly: Scripts = {
    swarm: tells('swarm'),
    kubernetes: sink => {
      tells('kubernetes')(sink);
      sink.remove(
        'replica',
        EVERY_KIND.filter(({ source }) => source === 'kubernetes').map(({ id }) => id),
      );
      sink.coverage('replica', { state: 'forbidden', trouble });
    },
  };

  test('in JSON, with exit 3', async () => {
    const { code, list } = await get('pods', partly);
    expect(code).toBe(3);
    expect(list.incomplete).toEqual([
      { source: 'kubernetes', error: 'not allowed: list pods on prod: forbidden (the right "list" on pods)' },
    ]);
    expect(list.items).toHaveLength(1);
  });

  test('in the text', async () => {
    const { code, stdout } = await play('get pods', partly);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^incomplete: kubernetes: not allowed: list pods on prod: forbidden/m);
  });

  test('of events too: a source that is not live told of none', async () => {
    const dead: Scripts = {
      kubernetes: sink => sink.state({ phase: 'refused', trouble }),
      swarm: sink => sink.state({ phase: 'stale', trouble }),
      http: live('check'),
    };
    const { code, list } = await get('events --timeout 50ms', dead);
    expect(code).toBe(3);
    expect(list.incomplete).toEqual([
      { source: 'kubernetes', error: expect.stringMatching(/^refused: list pods on prod: forbidden/) },
      { source: 'swarm', error: expect.stringMatching(/^stale: list pods on prod: forbidden/) },
    ]);
    const text = await play('get events --timeout 50ms', dead);
    expect(text.code).toBe(3);
    expect(text.stdout).toMatch(/^incomplete: kubernetes: refused: .*\nincomplete: swarm: stale: /m);
  });

  test('each emptiness in its own words', async () => {
    const text = async (line: string, scripts: Scripts) => (await play(`get ${line}`, scripts)).stdout.trim();
    expect(await text('pods --filter zzz', everything)).toBe(
      '3 hidden by the filter "zzz" (leaving out --filter clears it)',
    );
    expect(await text('pods -n none', everything)).toBe('3 hidden: not in namespace none (--all-namespaces shows all)');
    expect(await text('claims', { kubernetes: live(...KINDS) })).toBe('kubernetes: no claims');
    expect(await text('statefulsets', { kubernetes: tells('kubernetes') })).toBe('kubernetes: no statefulsets');
    expect(await text('pools', { kubernetes: live(...KINDS) })).toMatch(/^not set up: no source of postgres/);
    expect(
      await text('pods --timeout 50ms', { kubernetes: sink => sink.state({ phase: 'connecting', trouble }) }),
    ).toBe('kubernetes: connecting: list pods on prod: forbidden (the right "list" on pods)');
  });
});

test('the table: columns of the screen, a reason under what is not well, and only what fits', async () => {
  const wide = await play('get backups', everything);
  expect(wide.stdout).toMatch(
    /^ {2}DATABASE +TAKEN +DUMP +DATA +AGE\n✖ acme .*\n {4}failed silently: the data file has 0 bytes\n$/,
  );
  const narrow = await play('get nodes', everything, { io: fakeIo({ columns: 40 }) });
  const lines = narrow.stdout.trimEnd().split('\n');
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(40);
  expect(lines[0]).toMatch(/^ {2}NODE/);
});

test('a thousand rows from a pipe stand as they are', async () => {
  const long = 'x'.repeat(300);
  const scripts: Scripts = {
    host: sink => {
      live('host')(sink);
      const [host] = EVERY_KIND.filter(({ kind }) => kind === 'host');
      if (host) sink.put(Array.from({ length: 1000 }, (_, n) => ({ ...host, id: `host/${n}`, name: `${long}${n}` })));
    },
  };
  const { stdout } = await play('get hosts', scripts);
  expect(stdout).toContain(`${long}999`);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1001);
});

test('words for kinds: singular, plural, of the field, in any case', () => {
  expect(listingOf('Pod').name).toBe('pods');
  expect(listingOf('deploy').name).toBe('deployments');
  expect(new Set(LISTINGS.flatMap(({ name, aliases }) => [name, ...aliases])).size).toBe(
    LISTINGS.reduce((sum, { aliases }) => sum + 1 + aliases.length, 0),
  );
});

describe('a list costs what it needs', () => {
  test('only the sources that tell of it are asked', async () => {
    const asked: string[] = [];
    const scripts: Scripts = Object.fromEntries(
      Object.entries(everything).map(([kind, script]) => [
        kind,
        (sink: Sink) => {
          asked.push(kind);
          script?.(sink);
        },
      ]),
    );
    await get('directories', scripts);
    expect(asked).toEqual(['cephfs']);
    asked.length = 0;
    await get('pods', scripts);
    expect(asked.sort()).toEqual(['kubernetes', 'swarm']);
  });

  test('a pool that the platform names is waited for until it was asked itself', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const postgres = (sink: Sink) => {
      live('pool', 'database', 'instance')(sink);
      sink.put([
        pool('a', { source: 'postgres', up: null }),
        pool('b', { source: 'postgres', up: null, downReason: 'no way' }),
      ]);
      setTimeout(() => {
        sink.patch('pool', 'postgres/pool/a', { up: true });
        resolve();
      }, 30);
    };
    const answer = await get('pools --timeout 1h', { postgres });
    await promise;
    expect(answer.list.items).toMatchObject([
      { name: 'a', up: true },
      { name: 'b', up: null },
    ]);
  });

  test('and no kind is waited for that nobody asked about', async () => {
    const swarm = (sink: Sink) => {
      tells('swarm')(sink);
      sink.coverage('network', { state: 'asking' });
    };
    const answer = await get('tasks --timeout 1h', { swarm });
    expect(namesOf(answer)).toEqual(['traefik.1']);
  });
});
