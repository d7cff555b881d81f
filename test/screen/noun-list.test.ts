import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fieldContext } from '../../src/fleet/field-context.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Kind, Noun, Seen } from '../../src/model/entity.ts';
import type { ColumnContext } from '../../src/screen/columns/column.ts';
import { TABLES } from '../../src/screen/columns/tables.ts';
import type { List } from '../../src/screen/list.ts';
import { rowFrom } from '../../src/screen/list.ts';
import { NounList, type NounListOptions, type Sieve } from '../../src/screen/noun-list.ts';
import { node, replica, workload } from '../helpers/nouns.ts';

const clock = { now: 1_000_000 };
const newFleet = () => new Fleet({ now: () => clock.now, everyMs: 0 });
type Chosen = Partial<NounListOptions['pane'] & Sieve> & { kind: Kind };

function listOf(fleet: Fleet, { kind, namespace = null, within = null, filter = '', sort = null }: Chosen): NounList {
  const context = () => ({ fleet, now: fleet.now(), ascii: false });
  const list = new NounList({ kind, pane: { within, sort }, context, fields: fieldContext(fleet) });
  list.sift({ filter, namespace });
  return list;
}

const told = (list: List) => ({
  lines: list.slice(0, list.height),
  height: list.height,
  shown: list.shown,
  all: list.all,
  worst: list.worst()?.health,
});

type Step = { put: Seen[] } | { remove: Kind; nth: number } | { patch: number; restarts: number };

describe('a list that takes in changes', () => {
  const names = ['a', 'b', 'c', 'd2', 'd10'];
  const name = fc.constantFrom(...names);
  const about = fc.record({ name, ready: fc.boolean(), restarts: fc.integer({ min: 0, max: 3 }) });
  const namespace = fc.constantFrom('saasodoo', 'other');
  const seen: fc.Arbitrary<Seen> = fc.oneof(
    fc
      .record({ about, namespace })
      .map(({ about: { name, ready }, namespace }): Seen => workload(name, { ready: Number(ready), namespace })),
    fc
      .record({ about, of: name, on: name, namespace, wanted: fc.constantFrom('running' as const, 'gone' as const) })
      .map(
        ({ about: { name, ...change }, of, on, ...more }): Seen =>
          replica(`${name}-1`, of, {
            ...change,
            ...more,
            node: `prod/node/${on}`,
            state: change.ready ? 'Running' : 'Error',
          }),
      ),
    about.map(({ name, ready }): Seen => node(name, { ready })),
  );
  const kind = fc.constantFrom<Kind>('workload', 'replica', 'node');
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ put: fc.array(seen) }) },
    fc.record({ remove: kind, nth: fc.nat() }),
    fc.record({ patch: fc.nat(), restarts: fc.nat(9) }),
  );
  const pane = kind.chain(kind =>
    fc.record({
      kind: fc.constant(kind),
      namespace: fc.constantFrom(null, 'other'),
      within: fc.constantFrom(null, kind === 'replica' ? { id: 'prod/saasodoo/deployment/a', name: 'a' } : null),
      filter: fc.constantFrom('', 'a', '!b', 'status=bad', 'node=d*', 'restarts>1', 'workload=c', 'no-such>1'),
      sort: fc.option(
        fc.record({ title: fc.constantFrom(...TABLES[kind].map(({ title }) => title)), reversed: fc.boolean() }),
      ),
    }),
  );

  function take(fleet: Fleet, change: Step): void {
    const sink = fleet.sink('prod', 'kubernetes');
    if ('put' in change) sink.put(change.put);
    else if ('remove' in change) {
      const ids = [...fleet.all(change.remove).keys()];
      sink.remove(change.remove, ids.slice(change.nth % 7, (change.nth % 7) + 1));
    } else {
      const id = [...fleet.all('replica').keys()][change.patch % 7];
      if (id) sink.patch('replica', id, { restarts: change.restarts });
    }
  }

  it('is what a new one would be, whatever changes, filters and sorts', () => {
    fc.assert(
      fc.property(pane, fc.array(step, { minLength: 1 }), (pane, steps) => {
        const fleet = newFleet();
        const list = listOf(fleet, pane);
        const relates = TABLES[pane.kind].some(column => column.title === pane.sort?.title && column.relates);
        for (const step of steps) {
          take(fleet, step);
          fleet.flush();
          // What rests on other nouns, or on one that is gone, follows within a second.
          if (relates || ('remove' in step && step.remove === 'node')) clock.now += 1_000;
          list.refresh();
          const fresh = listOf(fleet, pane);
          expect(told(list)).toEqual(told(fresh));
          for (const { id, type } of told(fresh).lines) {
            if (type === 'noun') expect(list.slice(list.lineOf(id), list.lineOf(id) + 1)).toMatchObject([{ type, id }]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('of ten thousand replicas', () => {
  const pods = (count: number) =>
    Array.from({ length: count }, (_, n) => replica(`pod-${n}`, 'web', { node: 'prod/node/w1' }));
  const fleet = newFleet();
  const sink = fleet.sink('prod', 'kubernetes');
  sink.put([node('w1'), workload('web'), ...pods(10_000)]);
  fleet.flush();

  it('tests and compares no more than what changed', () => {
    const list = listOf(fleet, { kind: 'replica', filter: 'node=w1' });
    // The field `node` looks its name up once for each row that is tested.
    const looks = vi.spyOn(fleet, 'find');
    sink.put(pods(5).map(pod => ({ ...pod, restarts: 1 })));
    fleet.flush();
    list.refresh();
    expect(looks).toHaveBeenCalledTimes(5);
    list.refresh();
    for (let n = 0; n < 50; n++) {
      rowFrom(list, 5_000 + n, 1);
      list.slice(5_000 + n, 5_040 + n);
      list.lineOf('prod/saasodoo/pod/pod-77');
    }
    expect(looks).toHaveBeenCalledTimes(5);
    looks.mockRestore();
  });

  it('tests all when a filter comes, what is left when it is typed on, and nothing when it is cleared', () => {
    const list = listOf(fleet, { kind: 'replica' });
    const tests = vi.spyOn(RegExp.prototype, 'test');
    /** Names that were looked through, and all rows that are shown then. */
    const typed = (filter: string) => {
      tests.mockClear();
      list.sift({ filter, namespace: null });
      list.refresh();
      return [tests.mock.calls.filter(([text]) => text.startsWith('pod-')).length, list.shown];
    };
    expect(typed('4')).toEqual([10_000, 3_439]);
    expect(typed('42')).toEqual([3_439, 299]);
    expect(typed('42 7')).toEqual([299 + 299, 57]);
    expect(typed('42')).toEqual([10_000, 299]);
    expect(typed('')).toEqual([0, 10_000]);
    expect(typed('=')).toEqual([10_000, 0]);
    expect(typed('name=pod-42')[1]).toBe(1);
    tests.mockRestore();
  });

  it('follows what a filter may judge by other nouns after a second, and not with each change', () => {
    const list = listOf(fleet, { kind: 'replica', filter: 'node=w1' });
    const looks = vi.spyOn(fleet, 'find');
    sink.put([node('w1', { name: 'renamed' })]);
    fleet.flush();
    list.refresh();
    expect(list.shown).toBe(10_000);
    expect(looks).not.toHaveBeenCalled();
    clock.now += 1_000;
    list.refresh();
    expect(list.shown).toBe(0);
    looks.mockRestore();
  });
});

describe('every column', () => {
  it('whose order rests on other nouns says so, and none counts with the time', () => {
    const whole = {
      id: 'p/x',
      node: 'p/n',
      pool: 'p/p',
      workload: 'p/w',
      hosts: [],
      paths: [],
      middlewares: [],
      ports: [],
      images: [],
      roles: [],
      type: 'Deployment',
    };
    for (const [kind, columns] of Object.entries(TABLES)) {
      for (const { title, value, text, relates, picture } of columns as readonly {
        title: string;
        value?: Look;
        text: Look;
        relates?: true;
        picture?: true;
      }[]) {
        if (picture) continue;
        const asked: string[] = [];
        const context = new Proxy({ fleet: newFleet(), now: 0, ascii: false } as ColumnContext, {
          get: (target, name: keyof ColumnContext) => {
            asked.push(name);
            return target[name];
          },
        });
        (value ?? text)(whole as unknown as Noun, context);
        expect(asked, `${kind} ${title}`).toEqual(relates ? ['fleet'] : []);
      }
    }
  });
});

type Look = (noun: Noun, context: ColumnContext) => unknown;
