import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { KEYS, KeyMap } from '../../src/keys/table.ts';
import { Screen } from '../../src/screen/screen.ts';
import type { Sink } from '../../src/sources/source.ts';
import { Trends } from '../../src/trends/trends.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { check, directory, instance, node, pool, replica, workload } from '../helpers/nouns.ts';

let fleet: Fleet;
let sink: Sink;
let screen: Screen;
const on = {
  quit: vi.fn(),
  drawn: (callback: () => void) => callback(),
  suspend: vi.fn(() => true),
  redraw: vi.fn(),
  mouse: vi.fn(),
  copy: vi.fn(),
  trigger: vi.fn(async () => null as string | null),
};

beforeEach(() => {
  vi.clearAllMocks();
  fleet = new Fleet({ now: () => 1_000_000 });
  sink = fleet.sink('prod', 'kubernetes');
  screen = new Screen({
    fleet,
    gateway: gatewayFor(fleet),
    keys: new KeyMap(),
    namespace: null,
    ascii: false,
    banner: null,
    triggers: ['node-loss'],
    trends: new Trends({ fleet, samples: () => null }),
    on,
  });
  sink.put([node('w1'), node('w2'), node('w3', { ready: false, state: 'not ready' })]);
  sink.put(['alpha', 'beta', 'gamma'].map(name => workload(name)));
  sink.put([replica('alpha-1', 'alpha'), replica('beta-1', 'beta')]);
  fleet.flush();
});

const press = (...keys: string[]) => {
  for (const key of keys) screen.press(key);
};
const type = (text: string) => press(...[...text].map(letter => (letter === ' ' ? 'Space' : letter)));
const lines = (name = screen.focus) => screen.list(name).slice(0, screen.list(name).height);
const rows = () => lines().flatMap(line => (line.type === 'noun' ? [line.noun.name] : []));
const here = () => screen.selected() as { name: string } | undefined;

describe('moving', () => {
  it('goes down, up, to the end and back', () => {
    press('j');
    expect(here()?.name).toBe('beta');
    press('G');
    expect(here()?.name).toBe('gamma');
    press('j', 'k', 'k', 'g');
    expect(here()?.name).toBe('alpha');
  });

  it('keeps the cursor on its row when rows arrive above it', () => {
    press('j');
    sink.put([workload('aaa')]);
    fleet.flush();
    expect(rows()[0]).toBe('aaa');
    expect(here()?.name).toBe('beta');
  });

  it('stands near when its row is gone', () => {
    press('j');
    sink.remove('workload', ['prod/saasodoo/deployment/beta']);
    fleet.flush();
    expect(here()?.name).toBe('gamma');
  });

  it('passes over the reasons under rows', () => {
    sink.put([workload('alpha', { ready: 0, message: 'no image' })]);
    fleet.flush();
    expect(lines('services').map(({ type }) => type)).toEqual(['noun', 'note', 'noun', 'noun']);
    press('g', 'j');
    expect(here()?.name).toBe('beta');
  });

  it('keeps the cursor in sight in a window of any height', () => {
    sink.put(Array.from({ length: 200 }, (_, n) => workload(`w-${n}`)));
    fleet.flush();
    for (const key of ['G', 'PageUp', 'PageUp', 'k', 'g', 'PageDown']) {
      press(key);
      for (const height of [1, 2, 7]) {
        const { cursor, lines } = screen.window('services', height);
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThan(lines.length);
      }
    }
  });
});

describe('filtering', () => {
  it('shows only what matches while it is typed, and Esc brings back what was', () => {
    press('/');
    type('bet');
    expect(rows()).toEqual(['beta']);
    press('Esc');
    expect(rows()).toEqual(['alpha', 'beta', 'gamma']);
  });

  it('stays after Enter, and keys are keys again', () => {
    press('/');
    type('a');
    press('Enter', 'j');
    expect(screen.panes.services.filter).toBe('a');
    press('Esc');
    expect(screen.panes.services.filter).toBe('');
  });

  it('takes a paste as text, and only there', () => {
    screen.paste('q\n');
    expect(on.quit).not.toHaveBeenCalled();
    press('/');
    screen.paste('gam\nma');
    expect(screen.panes.services.filter).toBe('gam ma');
  });
});

describe('opening', () => {
  it('opens the pods of a workload, and Esc goes back to it', () => {
    press('j', 'Enter');
    expect(rows()).toEqual(['beta-1']);
    press('Esc');
    expect(here()?.name).toBe('beta');
  });

  it('walks from the details of a node to a pod, and back', () => {
    press('1', 'j', 'Enter');
    const details = screen.docs.at(-1)!;
    expect(details.title).toContain('w1');
    details.line = details.lines().findIndex(({ link }) => link?.endsWith('alpha-1'));
    press('Enter');
    expect(screen.docs.at(-1)?.title).toContain('alpha-1');
    press('Esc');
    expect(screen.docs.at(-1)?.title).toContain('w1');
  });

  it('says in the details that a noun is gone instead of showing what it was', () => {
    press('1', 'd');
    sink.remove('node', ['prod/node/w3']);
    fleet.flush();
    expect(screen.docs.at(-1)?.lines()[0]?.text).toBe('It is gone.');
  });

  it('tells why with the evidence around it', () => {
    sink.put([workload('alpha', { ready: 0 }), replica('alpha-1', 'alpha', { node: 'prod/node/w3', ready: false })]);
    fleet.flush();
    press('i');
    const text = screen.docs
      .at(-1)!
      .lines()
      .map(({ text }) => text)
      .join('\n');
    expect(text).toContain('alpha');
    expect(text).toContain('w3');
  });
});

describe('problems', () => {
  it('goes from one to the next through all panes and round again', () => {
    sink.put([pool('pool-3', { connections: 99 }), directory('globex', { usedBytes: 99, quotaBytes: 100 })]);
    fleet.flush();
    const seen = [1, 2, 3, 4].map(() => {
      press('!');
      return here()?.name;
    });
    expect(new Set(seen.slice(0, 3))).toEqual(new Set(['w3', 'pool-3', 'globex']));
    expect(seen[3]).toBe(seen[0]);
  });

  it('clears a filter that hides the problem', () => {
    sink.put([workload('beta', { ready: 0 })]);
    sink.remove('node', ['prod/node/w3']);
    fleet.flush();
    press('/');
    type('zzz');
    press('Enter', '!');
    expect(here()?.name).toBe('beta');
  });
});

describe('the palette', () => {
  it('lists any kind by a name of the field', () => {
    press(':');
    type('pods');
    press('Enter');
    expect(rows()).toEqual(['alpha-1', 'beta-1']);
  });

  it('tells the embedded platform to fail', () => {
    press(':');
    type('demo node-loss');
    press('Enter');
    expect(on.trigger).toHaveBeenCalledWith('node-loss');
  });

  it('takes the command of exactly that name before those that only begin with it', () => {
    press(':');
    type('ceph');
    press('Enter');
    expect(screen.panes.cephfs.listed).toBe('storage');
  });

  it('finds nouns by a part of their name, after the commands and the nearest first, and goes to their row', () => {
    sink.put([workload('pods'), replica('my-alpha', 'alpha'), replica('alphabet-2', 'alpha'), directory('xalpha')]);
    sink.put([replica('alpha-0', 'alpha', { wanted: 'gone' })]);
    fleet.flush();
    press(':');
    type('alpha');
    const named = () => screen.paletteMatches().filter(({ run }) => 'noun' in run);
    expect(named().map(({ name }) => name)).toEqual(['alpha', 'alpha-1', 'alphabet-2', 'my-alpha', 'xalpha']);
    expect(named()[1]?.help).toMatch(/^pod in saasodoo, prod/);
    press('Down', 'Down', 'Down', 'Enter');
    expect(screen.panes.services.listed).toBe('replica');
    expect(here()?.name).toBe('my-alpha');
    press(':');
    type('pods');
    expect(screen.paletteMatches().map(({ run }) => Object.keys(run)[0])).toEqual(['list', 'list', 'action', 'noun']);
  });

  it('goes to a noun that a filter or the namespace hides, and names at most 50', () => {
    sink.put(Array.from({ length: 200 }, (_, n) => workload(`many-${n}`)));
    sink.put([workload('other', { id: 'prod/kube-system/deployment/other', namespace: 'kube-system' })]);
    fleet.flush();
    screen = new Screen({ ...screen.options, namespace: 'saasodoo' });
    press('/');
    type('beta');
    press('Enter', ':');
    type('many');
    expect(screen.paletteMatches().filter(({ run }) => 'noun' in run)).toHaveLength(50);
    press('Esc', ':');
    type('other');
    press('Enter');
    expect(here()?.name).toBe('other');
  });

  it('says when there is no such command', () => {
    press(':');
    type('xyzzy');
    press('Enter');
    expect(screen.message).toContain('xyzzy');
  });
});

describe('the namespace', () => {
  it('comes first, and 0 shows all and goes back', () => {
    sink.put([workload('other', { id: 'prod/kube-system/deployment/other', namespace: 'kube-system' })]);
    fleet.flush();
    screen = new Screen({ ...screen.options, namespace: 'saasodoo' });
    expect(rows()).not.toContain('other');
    press('0');
    expect(rows()).toContain('other');
    press('0');
    expect(rows()).not.toContain('other');
  });
});

describe('the namespace of a row', () => {
  beforeEach(() => {
    sink.put([workload('other', { id: 'prod/kube-system/deployment/other', namespace: 'kube-system' })]);
    sink.put([workload('stacked', { id: 'vps/web/service/stacked', system: 'swarm', namespace: 'web' })]);
    fleet.flush();
  });

  it('is shown alone by 0 where the profile names none, and 0 shows all again', () => {
    press('j');
    press('0');
    expect(rows()).not.toContain('other');
    expect(here()?.name).toBe('beta');
    press('0');
    expect(rows()).toContain('other');
  });

  it('is none in Swarm, and 0 says so', () => {
    press('G', '0');
    expect(here()?.name).toBe('stacked');
    expect(screen.namespace).toBeNull();
    expect(screen.message).toContain('all namespaces are shown');
  });
});

describe('an event', () => {
  it('is shown as YAML by y', async () => {
    sink.event({
      key: 'e',
      at: 1_000_000,
      severity: 'warn',
      source: 'prod',
      about: null,
      subject: 'pod/web-1',
      reason: 'BackOff',
      message: 'again',
      count: 14,
    });
    fleet.flush();
    press('5', 'y');
    await vi.waitFor(() => expect(screen.docs[0]?.lines().map(({ text }) => text)).toContain('count: 14'));
  });
});

it('acts upon the service of an instance, in the pane and in a text', () => {
  sink.put([instance('acme'), workload('tenant-acme')]);
  fleet.flush();
  screen.show('instance');
  press('l');
  expect(screen.log?.of.map(({ name }) => name)).toEqual(['tenant-acme']);
  press('Esc', 'd', 'r');
  expect(screen.acting.dialog?.nouns.map(({ name }) => name)).toEqual(['tenant-acme']);
});

describe('Tab over the panes', () => {
  const line = () => screen.docLines(screen.docs.at(-1)!)[screen.docs.at(-1)!.line];

  it('walks the links of a text, round and back', () => {
    press('d');
    const links = screen.docLines(screen.docs.at(-1)!).filter(({ link }) => link !== undefined);
    expect(links.length).toBeGreaterThan(0);
    for (const { text } of links) {
      press('Tab');
      expect(line()?.text).toBe(text);
    }
    press('Tab');
    expect(line()?.text).toBe(links[0]?.text);
    press('Shift+Tab');
    expect(line()?.text).toBe(links.at(-1)?.text);
    expect(screen.focus).toBe('services');
  });

  it('stays in a text and in a log, and says so', () => {
    press('?', 'Tab');
    expect(screen.docs).toHaveLength(1);
    expect(screen.message).toBe('no line of this text leads anywhere; Esc closes it');
    press('Esc', 'l', 'Tab');
    expect([screen.part, screen.focus, screen.message]).toEqual(['log', 'services', 'a log is open: Esc closes it']);
  });

  it('is not needed to leave a log: the keys of the panes close it', () => {
    for (const key of ['1', '!']) {
      press('2', 'l');
      expect(screen.part).toBe('log');
      press(key);
      expect([screen.part, screen.log]).toEqual(['list', null]);
    }
  });
});

describe('the help', () => {
  const top = () => screen.docLines(screen.docs.at(-1)!)[screen.docs.at(-1)!.top]?.text;

  it('begins with what is needed most where one comes from', () => {
    const titles = () =>
      screen.docs
        .at(-1)!
        .lines()
        .flatMap(({ text, tone }) => (tone === 'title' ? [text] : []));
    press('?');
    expect(top()).toBe('Find out what is wrong');
    expect(titles().slice(1, 4)).toEqual(['Do something about it', 'Arrange a list', 'Go about']);
    press('Esc', 'd', '?');
    expect(top()).toBe('In a text');
    press('Esc', 'Esc', 'l', '?');
    expect(top()).toBe('In a log');
    expect(titles().filter(title => title === 'In a log')).toHaveLength(1);
  });

  it('tells each key in a line, 80 columns wide', () => {
    press('?');
    expect(screen.docLines(screen.docs.at(-1)!).length).toBe(screen.docs.at(-1)!.lines().length);
  });

  it('finds words in a text, and on from there', () => {
    press('?', 'g', '/');
    type('quit');
    press('Enter');
    const doc = screen.docs.at(-1)!;
    expect(screen.docLines(doc)[doc.line]?.text).toMatch(/quit/i);
    press('N');
    press('/');
    type('registry');
    expect(screen.message).toContain('"registry" is not');
    expect(screen.acting.dialog).toBeNull();
  });

  it('parts every key from its words', () => {
    press('?');
    const lines = screen.docs
      .at(-1)!
      .lines()
      .map(({ text }) => text);
    for (const { keys, help } of KEYS) {
      const told = new RegExp(`(^|  )${escaped(keys.join('  '))} {2,}${escaped(help)}($|  )`);
      expect(
        lines.find(line => told.test(line)),
        help,
      ).toBeDefined();
    }
  });

  it('shows the marks that are used', () => {
    screen = new Screen({ ...screen.options, ascii: true });
    press('?');
    const signs = screen.docs
      .at(-1)!
      .lines()
      .map(({ text }) => text.slice(0, 2).trim());
    const from = signs.indexOf('Ma') + 1;
    expect(signs.slice(from, from + 7)).toEqual(['o', '^', 'x', 'b', '-', '?', '~']);
  });

  const escaped = (text: string) => text.replace(/[^\w\s]/g, '\\$&');
});

describe('leaving', () => {
  it('quits by q, and by Ctrl+C only twice', () => {
    press('Ctrl+c');
    expect(on.quit).not.toHaveBeenCalled();
    press('j', 'Ctrl+c');
    expect(on.quit).not.toHaveBeenCalled();
    press('Ctrl+c');
    expect(on.quit).toHaveBeenCalledTimes(1);
    press('q');
    expect(on.quit).toHaveBeenCalledTimes(2);
  });

  it('closes what is open with Ctrl+C first', () => {
    press('?', 'Ctrl+c');
    expect(screen.docs).toHaveLength(0);
    expect(on.quit).not.toHaveBeenCalled();
  });
});

describe('the key table', () => {
  it('gives every key of a part one meaning', () => {
    for (const part of ['list', 'everywhere'] as const) {
      const keys = KEYS.filter(key => key.part === part || key.part === 'everywhere').flatMap(key => key.keys);
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    }
  });

  it('lets every key do something', () => {
    for (const { keys, part } of KEYS) {
      for (const key of keys) {
        if (part === 'log') press('2', 'l');
        if (part === 'text') press('?');
        if (part === 'chart') press('1', 'h');
        press(key);
        expect(screen.message ?? '').not.toContain('does nothing');
        press('Esc', 'Esc', 'Esc');
      }
    }
  });

  it('obeys the profile’s keys instead of its own', () => {
    screen = new Screen({ ...screen.options, keys: new KeyMap({ zoom: 'Z' }) });
    press('z');
    expect(screen.zoomed).toBe(false);
    press('Z');
    expect(screen.zoomed).toBe(true);
  });
});

describe('a pane', () => {
  it('keeps filter, order and cursor of each kind that it lists', () => {
    press('/');
    type('a');
    press('Enter', 'o', 'j', 'j');
    const services = { filter: 'a', sort: screen.panes.services.sort, cursor: screen.panes.services.cursor };
    expect(services.sort).not.toBeNull();
    press('t');
    expect(screen.panes.services).toMatchObject({ listed: 'replica', filter: '', sort: null });
    press('/');
    type('beta');
    press('Enter', 't');
    expect(screen.panes.services).toMatchObject({ listed: 'workload', ...services });
    press('t');
    expect(rows()).toEqual(['beta-1']);
    press('Esc', 'Esc');
    expect(screen.panes.services).toMatchObject({ listed: 'workload', ...services });
    press('g', 'Enter');
    expect(screen.panes.services).toMatchObject({ listed: 'replica', filter: '', sort: null });
    press('Esc');
    expect(screen.panes.services).toMatchObject({ listed: 'workload', filter: 'a', sort: services.sort });
  });

  it('where the keys do not go shows its top, so that what has just become bad is seen', () => {
    press('1', 'G');
    screen.window('nodes', 2);
    press('2');
    expect(screen.window('nodes', 2)).toMatchObject({ top: 0 });
  });

  it('never begins with a reason whose row is out of sight', () => {
    sink.put(['alpha', 'beta', 'gamma'].map(name => workload(name, { ready: 0, message: 'no image' })));
    fleet.flush();
    press('G');
    expect(screen.window('services', 3).lines[0]).toMatchObject({ type: 'noun', noun: { name: 'gamma' } });
  });

  it('that made room for a problem comes back when the next one is looked for', () => {
    sink.put([check('billing', { failure: 'status 503' })]);
    fleet.flush();
    const listed = [1, 2].map(() => {
      press('!');
      return screen.panes.services.listed;
    });
    expect(listed.sort()).toEqual(['check', 'workload']);
  });
});

it('opens the menu of a node, and of nothing else', () => {
  press('n');
  expect(screen.input).toBeNull();
  expect(screen.message).toBe('no node is under the cursor: 1 goes to the nodes');
  press('1', 'n');
  expect(screen.input).toMatchObject({ into: 'actions' });
  const names = screen.paletteMatches().map(({ name }) => name);
  // What a node is opened for stands before what changes its object by hand.
  expect(names.join(' ')).toMatch(/^drain cordon .*label .*edit/s);
});

it('restarts a whole group from the menu of one of its members', () => {
  const { groups, ...rest } = { groups: { pair: ['alpha', 'gamma'], other: ['beta', 'delta'] }, fleet, on };
  const gateway = gatewayFor(fleet, { groups });
  screen = new Screen({
    ...rest,
    gateway,
    keys: new KeyMap(),
    namespace: null,
    ascii: false,
    banner: null,
    triggers: [],
  });
  press('a');
  type('group');
  press('Enter');
  expect(screen.acting.dialog).toMatchObject({
    verb: { name: 'restart' },
    nouns: [{ name: 'alpha' }, { name: 'gamma' }],
  });
});
