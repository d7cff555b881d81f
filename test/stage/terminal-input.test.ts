import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MouseEvent } from '../../src/keys/mouse.ts';
import { createTerminalInput, type TerminalInput } from '../../src/stage/terminal-input.ts';

let terminal: EventEmitter & { setRawMode: ReturnType<typeof vi.fn> };
let input: TerminalInput;
let mouse: MouseEvent[];

beforeEach(() => {
  vi.useFakeTimers();
  mouse = [];
  terminal = Object.assign(new EventEmitter(), { setRawMode: vi.fn(), setEncoding: vi.fn(), pause: vi.fn() });
  input = createTerminalInput(terminal as unknown as ReadStream, event => mouse.push(event));
});
afterEach(() => vi.useRealTimers());

const send = (...chunks: string[]) => {
  for (const chunk of chunks) terminal.emit('data', chunk);
};
const keys = () => String(input.stdin.read() ?? '');

it('gives a lone Esc on after a moment, and not before, in a form that Ink need not wait with', () => {
  send('\x1b');
  expect(keys()).toBe('');
  vi.advanceTimersByTime(30);
  expect(keys()).toBe('\x1b[27u');
});

it('takes a mouse report that is cut behind its Esc for one, not for Esc', () => {
  send('\x1b', '[<0;10;5M');
  vi.advanceTimersByTime(1_000);
  expect(mouse).toEqual([{ type: 'click', column: 9, row: 4 }]);
  expect(keys()).toBe('');
});

it('types no rest of a report that comes late', () => {
  send('\x1b');
  vi.advanceTimersByTime(100);
  send('[<0;10', ';5M');
  expect(mouse).toHaveLength(1);
  expect(keys()).toBe('\x1b[27u');
});

it('gives an arrow on that is cut behind its Esc, and keys after an Esc, at once', () => {
  send('\x1b', '[A');
  expect(keys()).toBe('\x1b[A');
  send('\x1b', 'j');
  expect(keys()).toBe('\x1bj');
});

it('gives on what began like a report and was none', () => {
  send('\x1b[<12');
  vi.advanceTimersByTime(30);
  expect(keys()).toBe('\x1b[<12');
});

it('loses nothing at the end, and gives nothing on once it is closed', () => {
  send('\x1b');
  input.close();
  vi.advanceTimersByTime(1_000);
  expect(keys()).toBe('');
  expect(terminal.setRawMode).toHaveBeenLastCalledWith(false);

  input = createTerminalInput(terminal as unknown as ReadStream, event => mouse.push(event));
  send('\x1b');
  terminal.emit('end');
  expect(keys()).toBe('\x1b[27u');
});
