import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keysMarkdown } from '../../src/keys/markdown.ts';
import { takeMouse } from '../../src/keys/mouse.ts';
import { type KeyFlags, keysOf } from '../../src/keys/parse.ts';

const flags = (on: Partial<KeyFlags> = {}) => on as KeyFlags;

describe('keys', () => {
  it('that came in one read are told one by one', () => {
    expect(keysOf('jjj', flags())).toEqual(['j', 'j', 'j']);
    expect(keysOf('a\r', flags())).toEqual(['a', 'Enter']);
    expect(keysOf('?q', flags())).toEqual(['?', 'q']);
  });

  it('have the names of the key table', () => {
    expect(keysOf('', flags({ upArrow: true }))).toEqual(['Up']);
    expect(keysOf('', flags({ tab: true, shift: true }))).toEqual(['Shift+Tab']);
    expect(keysOf('c', flags({ ctrl: true }))).toEqual(['Ctrl+c']);
    expect(keysOf(' ', flags())).toEqual(['Space']);
    expect(keysOf('日本', flags())).toEqual(['日', '本']);
  });
});

describe('mouse reports', () => {
  it('are taken out from among keys', () => {
    expect(takeMouse('j\x1b[<0;10;5M\x1b[<0;10;5mk')).toEqual({
      events: [{ type: 'click', column: 9, row: 4 }],
      rest: 'jk',
      begun: '',
    });
  });

  it('that are cut by the end of a read wait for the rest', () => {
    const first = takeMouse('\x1b[<64;1');
    expect(first).toEqual({ events: [], rest: '', begun: '\x1b[<64;1' });
    expect(takeMouse(`${first.begun}0;5M`).events).toEqual([{ type: 'wheel', column: 9, row: 4, by: -3 }]);
  });

  it.each(Array.from('\x1b[<64;10;5M', (_, cut) => cut).slice(1))('that are cut at %i are one report', cut => {
    const report = '\x1b[<64;10;5M';
    const first = takeMouse(report.slice(0, cut));
    expect(first).toMatchObject({ events: [], rest: '' });
    const second = takeMouse(first.begun + report.slice(cut));
    expect(second).toEqual({ events: [{ type: 'wheel', column: 9, row: 4, by: -3 }], rest: '', begun: '' });
  });

  it('leave arrows alone, and Esc when something else comes after it', () => {
    expect(takeMouse('\x1b[A\x1bj')).toEqual({ events: [], rest: '\x1b[A\x1bj', begun: '' });
    expect(takeMouse('k\x1b')).toEqual({ events: [], rest: 'k', begun: '\x1b' });
  });
});

it('has its keys in the documentation as they are in the table (npm run docs)', () => {
  expect(readFileSync('docs/keys.md', 'utf8')).toBe(keysMarkdown());
});
