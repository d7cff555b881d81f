import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stage, type StageOptions } from '../../src/stage/stage.ts';
import { wholeRows } from '../helpers/pictures.ts';
import { emulate } from './emulator.ts';
import { FakeOut } from './fake-out.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stage that is open and has shown its first frame; at rest. */
function opened(columns = 20, rows = 3, options: Partial<StageOptions> = {}) {
  const out = new FakeOut(columns, rows);
  const stage = new Stage({ out, colors: 'full', ...options });
  stage.open();
  stage.show(() => wholeRows(['start']));
  vi.advanceTimersByTime(1_000);
  const entered = out.taken();
  return { out, stage, entered, frame: (text: string) => stage.show(() => wholeRows(text.split('\n'))) };
}

describe('the terminal', () => {
  it('is taken at once, before any frame', () => {
    const out = new FakeOut(80, 24);
    new Stage({ out, colors: 'full' }).open();
    expect(out.taken()).toEqual([
      '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[m\x1b[2J',
    ]);
  });

  it('is left as it was found, once', async () => {
    vi.useRealTimers();
    const out = new FakeOut(20, 3);
    const emulator = emulate(20, 3);
    await emulator.write('the shell $ ');
    const modes = { ...emulator.terminal.modes };
    const stage = new Stage({ out, colors: 'full' });
    stage.open();
    stage.show(() => wholeRows(['\x1b[41mred']));
    await expect.poll(() => out.writes.length).toBe(2);
    await emulator.write(out.taken().join(''));
    expect(emulator.terminal.buffer.active.type).toBe('alternate');
    expect(emulator.terminal.modes).toMatchObject({ bracketedPasteMode: true, mouseTrackingMode: 'drag' });
    stage.close();
    stage.close();
    stage.show(() => wholeRows(['late']));
    expect(out.writes).toHaveLength(1);
    expect(out.writes[0], 'first what ends a frame that was cut off').toMatch(/^\x1b\[\?2026l\x1b\[m/);
    await emulator.write(`${out.taken().join('')}x`);
    expect(emulator.terminal.buffer.active.type).toBe('normal');
    expect(emulator.terminal.modes).toEqual(modes);
    expect(emulator.lines()).toEqual(['the shell $ x', '', '']);
    expect(emulator.cells()[0]![12]).toMatchObject({ chars: 'x', bg: '' });
  });

  it('has no mouse mode when that is not wanted, and can change it', () => {
    const { out, stage, entered } = opened(20, 3, { mouse: false });
    expect(entered.join('')).not.toContain('?1000h');
    stage.setMouse(true);
    expect(out.taken()).toEqual(['\x1b[?1000h\x1b[?1002h\x1b[?1006h']);
    stage.setMouse(false);
    expect(out.taken()).toEqual(['\x1b[?1006l\x1b[?1002l\x1b[?1000l']);
  });

  it('is given back and taken again around another program', () => {
    const { out, stage, frame } = opened();
    stage.suspend();
    expect(out.taken().join('')).toContain('\x1b[?1049l');
    frame('while away');
    out.resize(30, 3);
    vi.advanceTimersByTime(1_000);
    expect(out.taken()).toEqual([]);
    stage.resume();
    vi.runAllTimers();
    const back = out.taken();
    expect(back[0]).toContain('\x1b[?1049h');
    expect(back.join('')).toContain('while away');
    expect(stage.inkStdout.columns).toBe(30);
  });

  it('is not touched by a close while another program has it', () => {
    const { out, stage } = opened();
    stage.suspend();
    out.taken();
    stage.close();
    stage.resume();
    vi.runAllTimers();
    expect(out.taken()).toEqual([]);
  });

  it('that is gone is told once and never written to again', () => {
    const log = vi.fn();
    const lost = vi.fn();
    const { out, stage, frame } = opened(20, 3, { log, lost });
    out.onWrite = () => {
      throw Object.assign(new Error('write EIO'), { code: 'EIO' });
    };
    frame('one');
    vi.advanceTimersByTime(1_000);
    out.emit('error', new Error('write EIO'));
    frame('two');
    vi.advanceTimersByTime(1_000);
    stage.close();
    expect(log.mock.calls).toEqual([['terminal lost: write EIO']]);
    expect(lost).toHaveBeenCalledTimes(1);
    expect(out.taken()).toEqual([]);
  });
});

describe('frames', () => {
  it('that change nothing send nothing', () => {
    const { out, frame } = opened();
    for (const text of ['start', 'start', 'start   ', '\x1b[32m\x1b[39mstart', 'start\n\n']) frame(text);
    vi.advanceTimersByTime(10_000);
    expect(out.taken()).toEqual([]);
  });

  it('after rest are drawn at once, then at most 10 a second', () => {
    const { out, frame } = opened();
    frame('change 0');
    vi.advanceTimersByTime(1);
    expect(out.taken()).toHaveLength(1);
    for (let n = 1; n <= 1_000; n++) {
      frame(`change ${n}`);
      vi.advanceTimersByTime(1);
    }
    expect(out.writes.length).toBeGreaterThanOrEqual(9);
    expect(out.taken().length).toBeLessThanOrEqual(10);
    vi.advanceTimersByTime(1_000);
    expect(out.taken().join('')).toContain('1000');
  });

  it('are made when they are drawn, and never if another comes before', () => {
    const { out, stage } = opened();
    const look = vi.fn((n: number) => wholeRows([`change ${n}`]));
    for (let n = 0; n < 1_000; n++) {
      stage.show(() => look(n));
      vi.advanceTimersByTime(1);
    }
    expect(look.mock.calls.length).toBe(out.taken().length);
    expect(look.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it('that change nothing take nobody’s time', () => {
    const { out, stage, frame } = opened();
    for (let n = 0; n < 10; n++) {
      frame('start');
      vi.advanceTimersByTime(10);
    }
    stage.show(() => wholeRows(['seen']));
    vi.advanceTimersByTime(1);
    expect(out.taken()).toHaveLength(1);
  });

  it('of one turn of the event loop become one', () => {
    const { out, frame } = opened();
    for (const text of ['a', 'ab', 'abc']) frame(text);
    vi.advanceTimersByTime(1_000);
    expect(out.taken()).toHaveLength(1);
  });

  it('that a key made do not wait for their time, and take nobody else’s', () => {
    const { out, stage, frame } = opened();
    frame('data 1');
    vi.advanceTimersByTime(10);
    expect(out.taken()).toHaveLength(1);
    for (const key of ['j', 'k', 'l']) {
      stage.urgent();
      frame(`key ${key}`);
      vi.advanceTimersByTime(10);
      expect(out.taken()).toHaveLength(1);
    }
    frame('data 2');
    vi.advanceTimersByTime(50);
    expect(out.taken(), '90 ms after data 1').toEqual([]);
    vi.advanceTimersByTime(20);
    expect(out.taken()).toHaveLength(1);
  });

  it('are drawn whole again when asked, without erasing first', () => {
    const { out, stage, frame } = opened();
    frame('one\ntwo\nthree');
    vi.advanceTimersByTime(1_000);
    out.taken();
    stage.repaint();
    vi.advanceTimersByTime(1);
    const text = out.taken().join('');
    for (const row of ['one', 'two', 'three']) expect(text).toContain(row);
    expect(text).not.toContain('\x1b[2J');
  });

  it.each([
    '',
    'a frame',
    '\x1b[?25h',
    '\x1b[?25l',
    '\x1b[?2004h',
    '\x1b[?2004l',
    '\x1b[?2004l\x1b[?25h',
    '\x1b[<u',
    '\x1b[>1u',
  ])('are not the strings that Ink writes: %j', text => {
    const { out, stage } = opened();
    stage.inkStdout.write(text);
    vi.advanceTimersByTime(1_000);
    expect(out.taken()).toEqual([]);
  });

  it('tell their barrier when the terminal shows them', async () => {
    const { out, stage, frame } = opened();
    frame('one');
    vi.advanceTimersByTime(1);
    out.taken();
    frame('two');
    const done = vi.fn();
    stage.inkStdout.write('', done);
    await Promise.resolve();
    expect(done).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(out.taken().join('')).toContain('two');
    expect(done).toHaveBeenCalledTimes(1);
    stage.inkStdout.write('', done);
    await Promise.resolve();
    expect(done).toHaveBeenCalledTimes(2);
  });

  it.each(['suspend', 'close'] as const)('release their barrier at %s', async how => {
    const { stage, frame } = opened();
    frame('one');
    vi.advanceTimersByTime(1);
    frame('two');
    const done = vi.fn();
    stage.inkStdout.write('', done);
    stage[how]();
    stage.inkStdout.write('', done);
    await Promise.resolve();
    expect(done).toHaveBeenCalledTimes(2);
  });
});

describe('a link that does not keep up', () => {
  const wait = (out: FakeOut, ms: number) => {
    out.onWrite = () => void vi.advanceTimersByTime(ms);
  };
  /** Frames drawn in a second of constant change. */
  const rate = (out: FakeOut, frame: (text: string) => void) => {
    out.taken();
    for (let n = 0; n < 100; n++) {
      frame(`change ${n}`);
      vi.advanceTimersByTime(10);
    }
    return out.taken().length;
  };

  it('gets half as many frames each time, is told, and recovers', () => {
    const { out, stage, frame } = opened();
    const told = vi.fn();
    const end = stage.onSlow(told);
    const full = rate(out, frame);
    expect(full).toBeGreaterThanOrEqual(9);
    expect(full).toBeLessThanOrEqual(11);
    wait(out, 60);
    frame('slow');
    vi.advanceTimersByTime(100);
    expect(stage.slow).toBe(true);
    expect(told).toHaveBeenCalledTimes(1);
    wait(out, 0);
    expect(rate(out, frame)).toBeLessThanOrEqual(8);
    expect(rate(out, frame)).toBeGreaterThanOrEqual(9);
    expect(stage.slow).toBe(false);
    expect(told).toHaveBeenCalledTimes(2);
    end();
    wait(out, 60);
    frame('slow again');
    vi.advanceTimersByTime(1_000);
    expect(stage.slow).toBe(true);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('gets nothing more until the stream has passed on what it has, and then only the last frame', () => {
    const { out, stage, frame } = opened();
    out.takesMore = false;
    frame('one');
    vi.advanceTimersByTime(1);
    expect(out.taken()).toHaveLength(1);
    for (const text of ['two', 'three', 'four']) {
      stage.urgent();
      frame(text);
      vi.advanceTimersByTime(200);
    }
    expect(out.taken()).toEqual([]);
    out.takesMore = true;
    out.emit('drain');
    vi.advanceTimersByTime(1);
    const after = out.taken();
    expect(after).toHaveLength(1);
    expect(after[0]).toContain('four');
    expect(stage.slow).toBe(true);
  });

  it('is not one whose stream drains in the same moment', () => {
    const { out, stage, frame } = opened();
    out.takesMore = false;
    frame('a frame above the high-water mark');
    vi.advanceTimersByTime(1);
    out.emit('drain');
    expect(stage.slow).toBe(false);
  });
});

describe('a resize', () => {
  it('of 50 a second makes at most 10 repaints, none of which erases the screen', () => {
    const { out, stage, frame } = opened(100, 30);
    stage.inkStdout.on('resize', () => frame('#'.repeat(stage.inkStdout.columns)));
    for (let n = 0; n < 100; n++) {
      out.resize(100 - (n % 50), 30 + (n % 7));
      vi.advanceTimersByTime(20);
    }
    expect(out.writes.length).toBeGreaterThan(3);
    expect(out.writes.length).toBeLessThanOrEqual(20);
    expect(out.taken().join('')).not.toContain('J');
    vi.advanceTimersByTime(1_000);
    expect(stage.inkStdout).toMatchObject({ columns: 51, rows: 31 });
  });

  it('that ends where it began draws nothing', () => {
    const { out } = opened(20, 3);
    out.resize(19, 3);
    out.resize(20, 3);
    vi.advanceTimersByTime(1_000);
    expect(out.taken()).toEqual([]);
  });

  it('holds frames of the old size back', () => {
    const { out, stage, frame } = opened(20, 3);
    const told = vi.fn();
    stage.inkStdout.on('resize', told);
    out.resize(10, 2);
    stage.urgent();
    frame('twenty columns wide!');
    vi.advanceTimersByTime(40);
    expect(out.taken()).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(told).toHaveBeenCalledTimes(1);
    expect(out.taken().join('')).toContain('twenty col');
  });
});

describe('the clipboard', () => {
  const plain = '\x1b]52;c;Z3LDvMOfZQp6d2Vp\x07';

  it('is given a text by OSC 52, byte for byte', () => {
    const { out, stage } = opened();
    stage.copy('grüße\nzwei');
    expect(out.taken()).toEqual([plain]);
  });

  it('in tmux is given it for tmux itself, and wrapped for the terminal behind', () => {
    const { out, stage } = opened(20, 3, { inTmux: true });
    stage.copy('grüße\nzwei');
    expect(out.taken()).toEqual([`${plain}\x1bPtmux;\x1b\x1b]52;c;Z3LDvMOfZQp6d2Vp\x07\x1b\\`]);
  });

  it('is given nothing while the terminal is not ours', () => {
    const { out, stage } = opened();
    stage.suspend();
    out.taken();
    stage.copy('secret');
    expect(out.taken()).toEqual([]);
  });
});
