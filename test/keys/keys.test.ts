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

  it('leave arrows and Esc alone', () => {
    expect(takeMouse('\x1b[A\x1b').rest).toBe('\x1b[A\x1b');
  });
});

it('has its keys in the documentation as they are in the table (npm run docs)', () => {
  expect(readFileSync('docs/keys.md', 'utf8')).toBe(keysMarkdown());
});
