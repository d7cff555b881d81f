import { describe, expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { printable } from '../../src/model/printable.ts';
import { textWidth } from '../../src/stage/width.ts';
import { directory, instance, node, pool, replica, service, workload } from '../helpers/nouns.ts';
import { open } from './open.tsx';

/** What systems and tenants may call things and say. */
const HOSTILE = [
  '\x1b[38;5;196mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x1b[H',
  'bell \x07 back \b\b line\r\nfeed\ttab \x00 \x7f \u009b31m',
  '\u202egnp.exe\u2066 \u200b\u200d\ufeff \ud800',
  '日本語のとても長い名前'.repeat(12),
  `${'e\u0301\u0323'.repeat(60)} 👩‍👩‍👧 🏳️‍🌈 ｶﾞ`,
  'x'.repeat(10_000),
  'many short words '.repeat(600),
];

function platform() {
  const fleet = new Fleet({ now: () => Date.UTC(2026, 10, 23, 14, 3), everyMs: 0 });
  for (const [name, kind] of [
    ['prod', 'kubernetes'],
    ['postgres', 'postgres'],
    ['cephfs', 'cephfs'],
  ] as const)
    fleet.expect(name, kind);
  const sink = fleet.sink('prod', 'kubernetes');
  for (const [index, raw] of HOSTILE.entries()) {
    const words = printable(raw);
    const name = `${words}${index}`;
    sink.state({ phase: 'live', proof: true, target: words });
    sink.put([
      node(name, { ready: false, state: words, stateReason: words, labels: { [words]: words } }),
      workload(name, { ready: 0, message: words, namespace: words, images: [words], managedBy: words }),
      replica(`${name}-a`, name, {
        ready: false,
        state: words,
        message: words,
        exitCode: 1,
        node: `prod/node/${name}`,
      }),
      service(name, { type: words }),
      pool(name, { up: false, downReason: words, softwareVersion: words }),
      directory(name, { path: words, usedBytes: 99, quotaBytes: 100 }),
      instance(name, { status: 'error', error: words, customer: words }),
    ]);
    const event = { at: fleet.now(), severity: 'bad', source: 'prod', count: 3 } as const;
    sink.event({ ...event, key: words, about: null, subject: words, reason: words, message: words });
    sink.event({ ...event, key: name, about: `prod/node/${name}`, subject: name, reason: 'x', message: words });
  }
  sink.coverage('node', {
    state: 'complete',
    except: HOSTILE.map(raw => ({ what: 'read', on: printable(raw), why: printable(raw), fix: null })),
  });
  const cephfs = fleet.sink('cephfs', 'cephfs');
  const words = printable(HOSTILE.join(' '));
  cephfs.state({ phase: 'refused', trouble: { what: 'log in', on: words, why: words, fix: words } });
  fleet.flush();
  return fleet;
}

const OWN_COLOURS = /\x1b\[(?:0|1|7|22|27|3[0-6]|39|43|49|90)(?:;(?:0|1|7|22|27|3[0-6]|39|43|49|90))*m/g;
const UNWANTED = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u200b\ufeff]/u;

/** The screen over all that, looked at after each few keys. */
function opened(columns: number, rows: number) {
  const { screen, draw, picture } = open(platform(), columns, rows);
  return {
    screen,
    see(...keys: string[]) {
      for (const key of keys) screen.press(key);
      draw();
      for (const { left, top, width, height, lines } of picture()) {
        expect(left + width, keys.join(' ')).toBeLessThanOrEqual(columns);
        expect(top + Math.min(height, lines.length), keys.join(' ')).toBeLessThanOrEqual(rows);
        expect(lines.length, keys.join(' ')).toBeLessThanOrEqual(height);
        for (const line of lines) {
          const text = line.replace(OWN_COLOURS, '');
          if (UNWANTED.test(text)) expect(text, keys.join(' ')).not.toMatch(UNWANTED);
          if (textWidth(text) > width) expect(textWidth(text), `${keys.join(' ')}: ${text}`).toBeLessThanOrEqual(width);
        }
      }
    },
  };
}

describe.each([
  [20, 5],
  [80, 24],
  [200, 50],
])('hostile text at %i×%i', (columns, rows) => {
  it.each(['1', '2', '3', '4', '5'])('stays text in the rows of pane %s, its details, reasons and YAML', pane => {
    const { see } = opened(columns, rows);
    see(pane);
    for (let row = 0; row < HOSTILE.length; row++) {
      see('d', 'G');
      see('Esc', 'i');
      see('PageDown', 'Esc', 'y');
      see('Esc', 'j');
    }
  });

  it('stays text in the lists of other kinds, and in the title of one workload', () => {
    const { screen, see } = opened(columns, rows);
    for (const listed of ['replica', 'service', 'instance', 'host'] as const) {
      screen.show(listed);
      see('G', 'o', 'z');
      see('z');
    }
    screen.show('workload');
    see('Enter');
    see('v');
  });
});

it.each(HOSTILE.map((raw, index) => [index, raw] as const))(
  'stays text when number %i is pasted or typed',
  (_, raw) => {
    const { screen, see } = opened(80, 24);
    for (const key of ['/', ':']) {
      see(key);
      screen.paste(raw);
      see();
      see('Enter');
      see(key, ...[...raw.slice(0, 40)].filter(character => character >= ' '));
      see('Enter', 'Esc', 'Esc');
    }
  },
);

it('shows control characters as signs instead of leaving them out', () => {
  const { text } = open(platform(), 200, 50);
  expect(text().join('\n')).toContain('␛[38;5;196mred');
});
