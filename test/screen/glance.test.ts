import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { KeyMap } from '../../src/keys/table.ts';
import { type Masked, reveal } from '../../src/model/reveal.ts';
import { maskSecrets } from '../../src/model/secrets.ts';
import { Screen } from '../../src/screen/screen.ts';
import type { Source } from '../../src/sources/source.ts';
import { footerLine } from '../../views/footer-line.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { workload } from '../helpers/nouns.ts';

const APPLIED = JSON.stringify({ spec: { password: 'sesame', token: 'hunter2' } });
const object = () => ({
  metadata: { name: 'web-1', annotations: { applied: APPLIED } },
  env: [
    { name: 'DB_PASSWORD', value: 'sesame' },
    { name: 'TLS_KEY', value: '-----BEGIN PRIVATE KEY-----\nline-one\nline-two\n-----END PRIVATE KEY-----' },
    { name: 'TOKEN', value: `${'long '.repeat(40)}\x1b[31mend` },
  ],
});

let screen: Screen;
let now: unknown;
const asked: Masked[] = [];

beforeEach(async () => {
  vi.useFakeTimers();
  asked.length = 0;
  now = object();
  const fleet = new Fleet({ now: () => 1_000_000 });
  const source: Source = {
    name: 'prod',
    kind: 'kubernetes',
    requests: 0,
    start: () => {},
    stop: async () => {},
    raw: async () => maskSecrets(object()),
    reveal: async (_kind, _id, masked) => {
      asked.push(masked);
      return reveal(now, masked);
    },
  };
  fleet.watch(source);
  fleet.sink('prod', 'kubernetes').put([workload('web-1')]);
  fleet.flush();
  screen = new Screen({
    fleet,
    gateway: gatewayFor(fleet),
    keys: new KeyMap(),
    namespace: null,
    ascii: false,
    banner: null,
    triggers: [],
    on: {
      quit() {},
      drawn: (callback: () => void) => callback(),
      suspend: () => true,
      redraw() {},
      mouse() {},
      copy() {},
      trigger: async () => null,
    },
  });
  press('y');
  await vi.waitFor(() => expect(text()).toContain('DB_PASSWORD'));
});
afterEach(() => vi.useRealTimers());

const press = (...keys: string[]) => {
  for (const key of keys) screen.press(key);
};
const doc = () => screen.docs.at(-1)!;
const lines = () => screen.docLines(doc()).map(({ text }) => text);
const text = () => lines().join('\n');
const goTo = (wanted: string) => {
  const { line } = doc();
  const to = lines().findIndex(each => each.includes(wanted));
  press(...Array.from({ length: Math.abs(to - line) }, () => (to > line ? 'j' : 'k')));
};
/** The line below the one that holds the text. */
const onValueOf = (name: string) => {
  goTo(`name: ${name}`);
  press('j');
};
const show = async (name: string, wanted: string) => {
  onValueOf(name);
  press('X');
  await vi.waitFor(() => expect(text()).toContain(wanted));
};

const dialog = () => {
  press('r');
  expect(screen.acting.dialog).not.toBeNull();
};

describe('one masked value', () => {
  it('is shown by the key in its line, alone, and asked for only then', async () => {
    expect(text()).not.toMatch(/sesame|line-one/);
    expect(asked).toEqual([]);
    await show('DB_PASSWORD', '    value: sesame');
    expect(asked).toHaveLength(1);
    expect(text().match(/sesame/g)).toHaveLength(1);
    expect(text()).not.toContain('line-one');
  });

  it.each([
    ['the cursor goes down', () => press('j')],
    ['the cursor goes up', () => press('k')],
    ['the key is pressed again', () => press('X')],
    ['Esc is pressed', () => press('Esc')],
    ['Ctrl+C is pressed', () => press('Ctrl+c')],
    ['the wheel turns', () => screen.wheel(3, 3, 3)],
    ['another text opens over it', () => press('?', 'Esc')],
    ['the palette opens', () => press(':', 'Esc')],
    ['a dialog opens', dialog],
    ['the program is suspended', () => press('Ctrl+z')],
    ['half a minute passes without a key', () => vi.advanceTimersByTime(30_000)],
  ])('is hidden when %s', async (_, happens) => {
    await show('DB_PASSWORD', 'sesame');
    happens();
    expect(text()).toContain('DB_PASSWORD');
    expect(text()).not.toContain('sesame');
    expect(JSON.stringify(doc())).not.toContain('sesame');
  });

  it('is gone with the text that it stood in', async () => {
    await show('DB_PASSWORD', 'sesame');
    press('2', 'y');
    await vi.waitFor(() => expect(text()).toContain('DB_PASSWORD'));
    expect(text()).not.toContain('sesame');
  });

  it('stays for as long as keys are pressed on it, and over a resize', async () => {
    await show('DB_PASSWORD', 'sesame');
    for (let turn = 0; turn < 4; turn++) {
      vi.advanceTimersByTime(20_000);
      press('Ctrl+l');
    }
    screen.resize(40, 12);
    screen.resize(200, 50);
    expect(text()).toContain('sesame');
    expect(lines()[doc().line]).toContain('sesame');
  });

  it('of several lines is walked through, and the cursor comes out where it should', async () => {
    await show('TLS_KEY', 'line-two');
    press('j', 'j');
    expect(lines()[doc().line]).toContain('line-two');
    press('j', 'j');
    expect(text()).not.toContain('line-two');
    expect(lines()[doc().line]).toContain('name: TOKEN');
    await show('TLS_KEY', 'line-two');
    press('j', 'j');
    vi.advanceTimersByTime(30_000);
    expect(lines()[doc().line]).toContain('value:');
  });

  it('that is long is wrapped, and cannot drive the terminal', async () => {
    await show('TOKEN', 'end');
    expect(text()).toContain('␛[31mend');
    press('k');
    expect(text()).not.toContain('long');
  });

  it('is not shown when another stands in its place now, and the footer says so', async () => {
    now = { ...object(), env: [{ name: 'OTHER', value: 'sesame' }] };
    onValueOf('DB_PASSWORD');
    press('X');
    await vi.waitFor(() => expect(screen.message).toBe('not shown: it has changed since it was read: read it again'));
    expect(text()).not.toContain('sesame');
  });

  it('whose answer comes when nobody looks any more is dropped', async () => {
    onValueOf('DB_PASSWORD');
    press('X', 'j');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(1);
    expect(text()).not.toContain('sesame');
  });

  it('is not shown from a copy of the whole object, nor where none is', () => {
    goTo('applied:');
    press('X');
    expect(screen.message).toContain('several values');
    goTo('name: DB_PASSWORD');
    press('X');
    expect(screen.message).toContain('no masked value');
    press('Esc', 'X');
    expect(screen.message).toContain('y opens it');
    expect(asked).toEqual([]);
  });

  it('has a hint in the footer, where one stands', async () => {
    onValueOf('DB_PASSWORD');
    expect(footerLine(screen, 120)).toMatch(/X.* show secret/);
    await show('DB_PASSWORD', 'sesame');
    expect(footerLine(screen, 120)).toMatch(/X.* hide secret/);
    press('k');
    expect(footerLine(screen, 120)).not.toContain('secret');
  });
});
