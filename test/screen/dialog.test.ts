import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Unfit, type Verb } from '../../src/actions/verb.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Risk } from '../../src/model/deed.ts';
import { Dialog } from '../../src/screen/dialog.ts';
import { type Client, Refusal } from '../../src/sources/client.ts';
import type { Sink, Source } from '../../src/sources/source.ts';
import { openJournal } from '../../src/store/journal.ts';
import { dialogLines } from '../../views/dialog-lines.ts';
import { intentOf } from '../helpers/deeds.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { workload } from '../helpers/nouns.ts';

let fleet: Fleet;
let sink: Sink;
let sent: string[];
/** What is called when the terminal shows what is to be drawn: a test says when. */
let onDrawn: (() => void)[];
let closed: boolean;

const client: Client = {
  target: 'prod',
  identity: null,
  get: async path => ({ metadata: { uid: path } }),
  async send(_, { path }) {
    sent.push(path);
    return {};
  },
};

function verb(risk: Risk): Verb {
  return {
    name: 'poke',
    title: 'Poke',
    help: '',
    kinds: ['workload'],
    unfit: () => null,
    fields: () => [{ name: 'how', label: 'how', initial: 'gently' }],
    plan: ({ noun, path }, { how }) => {
      if (noun.name === 'gone') throw new Unfit('it is not what it was');
      return {
        command: `poke ${how}`,
        risk,
        changes: [],
        notes: [],
        rights: [],
        edits: [{ path, seen: null, moved: () => null, write: () => ({ method: 'POST', path: `${path}/${how}` }) }],
        proofs: [],
        standing: async () => ({ state: 'done', words: 'poked' }),
        inverse: null,
      };
    },
  };
}

beforeEach(() => {
  [sent, onDrawn, closed] = [[], [], false];
  fleet = new Fleet();
  const source: Source = {
    name: 'prod',
    kind: 'kubernetes',
    requests: 0,
    start: to => {
      sink = to;
    },
    stop: async () => {},
    client: () => client,
    pathOf: (_, id) => `/${id}`,
  };
  fleet.watch(source);
  sink.state({ phase: 'live', proof: true });
  sink.put(['web', 'db', 'gone'].map(name => ({ ...workload(name), uid: null })));
  fleet.flush();
});

async function open(
  risk: Risk,
  names = ['web'],
  options: Parameters<typeof gatewayFor>[1] = {},
  readMs = 0,
  hidden: ReadonlySet<string> = new Set(),
  told: string[] = [],
): Promise<Dialog> {
  const nouns = names.flatMap(name => fleet.named('workload', name));
  const dialog = new Dialog({
    verb: verb(risk),
    nouns,
    hidden,
    gateway: gatewayFor(fleet, { waits: { everyMs: 1 }, ...options }),
    changed() {},
    drawn: callback => void onDrawn.push(callback),
    close: () => {
      closed = true;
    },
    tell: message => void told.push(message),
    readMs,
  });
  await vi.waitFor(() => expect(dialog.state.state).toBe('ready'));
  return dialog;
}

const draw = () => {
  for (const callback of onDrawn.splice(0)) callback();
};
const type = (dialog: Dialog, text: string) => {
  for (const letter of text) dialog.press(letter === ' ' ? 'Space' : letter);
};

describe('a dialog', () => {
  it('tells what another has begun on the target, and forbids nothing for it', async () => {
    const journal = openJournal(':memory:');
    const [web] = fleet.named('workload', 'web');
    journal.begin(intentOf({ at: fleet.now(), target: { ...intentOf().target, id: web?.id ?? '' } }));
    const dialog = await open('safe', ['web'], { journal: () => journal });
    draw();
    const text = dialogLines(dialog, { width: 200, height: 30, ascii: false }).map(stripVTControlCharacters).join(' ');
    expect(text).toMatch(/ana@bastion has begun scale of it at/);
    dialog.press('Enter');
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    journal.close();
  });

  it('takes a yes only for what has been on the terminal', async () => {
    const dialog = await open('disruptive');
    dialog.press('Enter');
    dialog.press('y');
    expect(dialog.hint).toContain('before this could be read');
    expect(sent).toEqual([]);
    draw();
    dialog.press('y');
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(closed).toBe(true);
  });

  it('takes no yes before it could be read, nor one out of a word that was meant for elsewhere', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const dialog = await open('disruptive', ['web'], {}, 600);
    draw();
    dialog.press('Tab');
    now += 599;
    dialog.press('y');
    expect(dialog.hint).toContain('before this could be read');
    now += 1;
    // "registry": its r opened this, its y would answer.
    for (const letter of 'egistry') dialog.press(letter);
    expect(dialog.hint).toContain('before this could be read');
    expect(sent).toEqual([]);
    now += 600;
    dialog.press('y');
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    clock.mockRestore();
  });

  it('asks anew for what is typed, and an answer to what was there before does not count', async () => {
    const dialog = await open('safe');
    draw();
    type(dialog, 'hard');
    dialog.press('Enter');
    expect(dialog.hint).toContain('not yet');
    await vi.waitFor(() => expect(dialog.state.state).toBe('ready'));
    dialog.press('Enter');
    expect(sent).toEqual([]);
    draw();
    dialog.press('Enter');
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    // The first letter took the place of what stood there.
    expect(sent[0]).toMatch(/\/hard$/);
  });

  it('wants the name for what is destructive, typed and not pasted', async () => {
    const dialog = await open('destructive');
    draw();
    dialog.press('Tab');
    dialog.paste('web');
    expect(dialog.hint).toContain('a paste confirms nothing');
    type(dialog, 'wed');
    dialog.press('Enter');
    expect(dialog.hint).toContain('the name must be typed');
    dialog.press('Ctrl+u');
    type(dialog, 'web');
    dialog.press('Enter');
    await vi.waitFor(() => expect(sent).toHaveLength(1));
  });

  it('of several wants how many they are, and does one after the other', async () => {
    const dialog = await open('destructive', ['web', 'db']);
    draw();
    dialog.press('Tab');
    type(dialog, dialog.phrase);
    expect(dialog.phrase).toBe('2 workloads');
    dialog.press('Enter');
    await vi.waitFor(() => expect(sent).toHaveLength(2));
  });

  it.each([
    ['stops at the first of several that is not done', [], 1, 'it stops at the first that is not done'],
    ['does the rest of several although one was not done', ['Ctrl+g'], 2, 'the rest is done although one is not'],
  ])('%s', async (_, keys, count, words) => {
    const tried: string[] = [];
    const { send } = client;
    client.send = async (_, { path }) => {
      tried.push(path);
      throw new Refusal({ what: 'poke', on: 'prod', why: 'forbidden', fix: null }, { answer: 'no', status: 403 });
    };
    const told: string[] = [];
    const dialog = await open('disruptive', ['web', 'db'], {}, 0, new Set(), told);
    for (const key of keys) dialog.press(key);
    const drawn = dialogLines(dialog, { width: 100, height: 30, ascii: false }).map(stripVTControlCharacters);
    expect(drawn.join('\n')).toContain(words);
    draw();
    dialog.press('Tab');
    dialog.press('y');
    await vi.waitFor(() => expect(tried).toHaveLength(count));
    if (count === 1)
      await vi.waitFor(() => expect(told).toEqual(['stopped: 1 of 2 not begun, since one was not done']));
    client.send = send;
  });

  it('leaves out of several what it does not apply to now, and says so', async () => {
    const dialog = await open('disruptive', ['web', 'gone']);
    expect(dialog.state).toMatchObject({
      proposals: [{ noun: { name: 'web' } }],
      passed: ['gone: it is not what it was'],
    });
    const drawn = dialogLines(dialog, { width: 80, height: 30, ascii: false }).map(stripVTControlCharacters);
    expect(drawn.join('\n')).toContain('left out      gone: it is not what it was');
    draw();
    dialog.press('Tab');
    dialog.press('y');
    await vi.waitFor(() => expect(sent).toEqual([expect.stringContaining('web')]));
  });

  it('names each of many, and which of them are marked but not in sight', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `web-${index}`);
    sink.put(names.map(name => ({ ...workload(name), uid: null })));
    fleet.flush();
    const [, second] = names.flatMap(name => fleet.named('workload', name));
    const dialog = await open('disruptive', names, {}, 0, new Set([second?.id ?? '']));
    const seen = new Set<string>();
    const look = () =>
      dialogLines(dialog, { width: 80, height: 14, ascii: false }).map(line => stripVTControlCharacters(line));
    let before = '';
    for (let text = look().join('\n'); text !== before; text = look().join('\n')) {
      for (const [name] of text.matchAll(/\bweb-\d+( \(marked, not in sight\))?/g)) seen.add(name);
      before = text;
      dialog.press('PageDown');
    }
    expect([...seen].sort()).toEqual(
      names.map(name => (name === 'web-1' ? `${name} (marked, not in sight)` : name)).sort(),
    );
    expect(look()).toHaveLength(14);
    expect(look().join('\n')).toMatch(/and so for each.*PgUp: \d+ above/s);
    for (let page = 0; page < 10; page++) dialog.press('PageUp');
    expect(look().join('\n')).toMatch(/PgDn: \d+ more lines/);
    // Its field stays where it is.
    expect(look()[1]).toContain('gently');
    expect(look()[2]).toContain('1 of 30 are marked, and not in sight');
    expect(sent).toEqual([]);
  });

  it('wants a reason where a rule says so', async () => {
    const dialog = await open('disruptive', ['web'], { rules: [{ reason: true }] });
    draw();
    dialog.press('Tab');
    dialog.press('Tab');
    dialog.press('y');
    expect(dialog.hint).toContain('a reason must be given');
    expect(sent).toEqual([]);
  });

  it('wants more than a yes where what is known is old', async () => {
    sink.state({ phase: 'stale' });
    const dialog = await open('disruptive');
    draw();
    dialog.press('Tab');
    dialog.press('Tab');
    dialog.press('y');
    expect(dialog.hint).toContain('prod is stale');
    expect(sent).toEqual([]);
    dialog.press('Shift+Tab');
    type(dialog, 'anyway');
    dialog.press('Tab');
    dialog.press('y');
    await vi.waitFor(() => expect(sent).toHaveLength(1));
  });

  it('does nothing after Esc', async () => {
    const dialog = await open('disruptive');
    draw();
    dialog.press('Esc');
    expect(closed).toBe(true);
    expect(sent).toEqual([]);
  });
});
