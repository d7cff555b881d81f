import { hostname } from 'node:os';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Book } from '../../src/checklists/book.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import { KeyMap } from '../../src/keys/table.ts';
import { Screen } from '../../src/screen/screen.ts';
import { type Journal, openJournal } from '../../src/store/journal.ts';
import { NOW, type World, world } from '../checklists/world.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { backup, directory, instance, node, replica, storage, workload } from '../helpers/nouns.ts';

let made: World;
let fleet: Fleet;
let journal: Journal;
const copied: string[] = [];

function screenOf(operator: string, pid = process.pid): { screen: Screen; book: Book } {
  const worker = { operator, sshClient: null, process: { pid, host: hostname() } };
  const book = new Book({
    fleet,
    journal: () => journal,
    checklists: {},
    worker,
    demo: false,
    platform: 'prod',
  });
  const screen = new Screen({
    fleet,
    gateway: gatewayFor(fleet, { operator }),
    checklists: book,
    keys: new KeyMap(),
    namespace: null,
    ascii: false,
    banner: null,
    triggers: [],
    on: {
      quit: () => {},
      drawn: callback => callback(),
      suspend: () => true,
      redraw: () => {},
      mouse: () => {},
      copy: text => void copied.push(text),
      trigger: async () => null,
    },
  });
  screen.resize(120, 60);
  return { screen, book };
}

beforeEach(() => {
  made = world();
  fleet = made.fleet;
  made.put(
    node('w1'),
    workload('web', { ready: 0 }),
    replica('web-1', 'web', { ready: false, state: 'CrashLoopBackOff', exitCode: 1 }),
    workload('nightly-backup', { type: 'CronJob', schedule: '0 2 * * *' }),
    storage('fs'),
    directory('a'),
    instance('acme'),
    backup('acme', NOW - 3_600_000, { dataBytes: 0 }),
  );
  journal = openJournal(':memory:');
  copied.length = 0;
});

const text = (screen: Screen) => {
  const doc = screen.docs.at(-1);
  return doc
    ? screen
        .docLines(doc)
        .map(({ text }) => text)
        .join('\n')
    : '';
};
const press = (screen: Screen, ...keys: string[]) => {
  for (const key of keys) screen.press(key);
};
const type = (screen: Screen, words: string) => press(screen, ...[...words].map(key => (key === ' ' ? 'Space' : key)));

async function opened(screen: Screen): Promise<void> {
  press(screen, 'c', 'Enter');
  await vi.waitFor(() => expect(text(screen)).toMatch(/acme: data file has 0 bytes/));
  await vi.waitFor(() => expect(text(screen)).not.toMatch(/looking …/));
}

const to = (screen: Screen, words: string) => {
  const doc = screen.docs.at(-1)!;
  doc.line = screen.docLines(doc).findIndex(({ text }) => text.includes(words));
};

describe('a checklist on the screen', () => {
  it('is due until it was finished, and says how it stands', async () => {
    const { screen, book } = screenOf('me');
    expect(book.due).toBe('due');
    press(screen, 'c');
    expect(text(screen)).toMatch(/Daily checklist {2}due\n {4}never finished/);
    press(screen, 'Esc');
    await opened(screen);
    press(screen, 'Space', 'Space', 'Space', 'Space');
    expect(screen.message).toBe('the checklist is finished');
    expect(book.standing('daily').state).toBe('done');
    press(screen, 'Esc', 'c');
    expect(text(screen)).toMatch(/Daily checklist {2}done\n {4}last .* by me: fail/);
  });

  it('is overdue where the day before was missed as well', () => {
    const at = NOW - 3 * 24 * 3_600_000;
    const ops = { operator: 'ops', sshClient: null, process: { pid: 1, host: 'elsewhere' } };
    const run = { id: 'old', checklist: 'daily', demo: false, auto: true, items: [] };
    journal.keep('checklist', { step: 'begin', at, ...ops, ...run });
    journal.keep('checklist', { step: 'end', id: 'old', at, verdict: 'pass' });
    const { screen, book } = screenOf('me');
    expect(book.due).toBe('overdue');
    press(screen, 'c');
    expect(text(screen)).toMatch(/Daily checklist {2}overdue\n {4}last .* by ops: pass\n/);
  });

  it('says what has changed since the run that was finished before', async () => {
    const { screen } = screenOf('me');
    await opened(screen);
    press(screen, 'Space', 'Space', 'Space', 'Space', 'Esc');
    made.put(directory('full', { usedBytes: 9.9 * 2 ** 30 }), workload('web'), replica('web-1', 'web'));
    await opened(screen);
    expect(text(screen)).toMatch(/^me · 0 of 4 done · before: me, fail\n/);
    expect(text(screen)).toContain('since the run before: was fail · no longer told: web\n');
    expect(text(screen)).toContain('since the run before: was pass · new: full\n');
  });

  it('takes a word of why for what is overridden or skipped', async () => {
    const { screen } = screenOf('me');
    await opened(screen);
    press(screen, 'o', 'Enter');
    expect(screen.message).toMatch(/a word of why is needed/);
    type(screen, 'spare is on its way');
    press(screen, 'Enter');
    expect(text(screen)).toContain('overridden by me: "spare is on its way"');
    press(screen, 's', 'Esc');
    expect(screen.input).toBeNull();
    expect(text(screen)).toContain('1 of 4 done');
  });

  it('goes with Enter to what is named, or to the pane, filtered; c comes back to the same run', async () => {
    const { screen } = screenOf('me');
    await opened(screen);
    to(screen, 'web: CrashLoopBackOff');
    press(screen, 'Enter');
    expect(screen.docs).toHaveLength(0);
    expect(screen.selected()).toMatchObject({ name: 'web' });
    await opened(screen);
    to(screen, '4 Backups completed');
    press(screen, 'Enter');
    expect(screen.pane).toMatchObject({ listed: 'backup', filter: 'status=bad|warn' });
    await opened(screen);
    expect(journal.kept('checklist').filter(({ step }) => step === 'begin')).toHaveLength(1);
  });

  it('offers what mends it, and opens its dialog; nothing is done by itself', async () => {
    const { screen } = screenOf('me');
    await opened(screen);
    to(screen, 'acme: data file');
    press(screen, 'f');
    expect(screen.acting.dialog).toMatchObject({ verb: { name: 'trigger' }, nouns: [{ name: 'nightly-backup' }] });
    press(screen, 'Esc');
    to(screen, 'web: CrashLoopBackOff');
    press(screen, 'f');
    expect(screen.paletteMatches().map(({ name }) => name)).toEqual(['rollback web', 'restart web', 'scale web']);
    type(screen, 'scale');
    press(screen, 'Enter');
    expect(screen.acting.dialog).toMatchObject({ verb: { name: 'scale' }, nouns: [{ name: 'web' }] });
    press(screen, 'Esc');
    to(screen, '2 Review error logs');
    press(screen, 'f');
    expect(screen.message).toMatch(/nothing mends this from here/);
  });

  it('offers more room to a directory near its quota, and nothing to what is not found', async () => {
    made.put(directory('near', { usedBytes: 97 * 2 ** 30, quotaBytes: 100 * 2 ** 30 }));
    const { screen } = screenOf('me');
    await opened(screen);
    to(screen, 'near: quota at 97 %');
    press(screen, 'f');
    expect(screen.acting.dialog).toMatchObject({ verb: { name: 'quota' }, nouns: [{ name: 'near' }] });
    expect(screen.acting.dialog?.slots.slots[0]).toMatchObject({ name: 'bytes', text: '+20%' });
  });

  it('looks at everything while it is open', async () => {
    const { screen } = screenOf('me');
    expect(screen.attended().has('backup')).toBe(false);
    await opened(screen);
    expect(screen.attended().has('backup')).toBe(true);
  });

  it('is theirs to answer who are at it, and everybody’s once they have left', async () => {
    const { screen, book } = screenOf('first');
    await opened(screen);
    press(screen, 'Space');
    const other = screenOf('second');
    press(other.screen, 'c');
    expect(text(other.screen)).toContain('first is at it since');
    press(other.screen, 'Enter');
    await vi.waitFor(() => expect(text(other.screen)).toContain('first is at it since'));
    await vi.waitFor(() => expect(text(other.screen)).toContain('1 of 4 done'));
    press(other.screen, 'Space');
    expect(other.screen.message).toBe('first is at it: wait until they are done');
    press(other.screen, 'Esc');
    book.close();
    press(other.screen, 'c');
    expect(text(other.screen)).toContain('left by first, Enter goes on with it');
    press(other.screen, 'Enter');
    await vi.waitFor(() => expect(text(other.screen)).toMatch(/second · 1 of 4 done/));
    other.book.close();
  });
});
