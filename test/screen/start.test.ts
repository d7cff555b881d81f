import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Choice, type Offer, Start, type StartOptions } from '../../src/screen/start.ts';

const choice = (name: string): Choice => ({ name, title: `the ${name}`, note: null });
const offer = (names: string[], more: Partial<Offer> = {}): Offer => ({
  choices: names.map(choice),
  chosen: names.slice(0, 1),
  passed: [],
  isNothing: false,
  ...more,
});

const on = {
  openProfile: vi.fn((_name: string) => null as string | null),
  open: vi.fn(),
  demo: vi.fn(),
  write: vi.fn((_names: string[]) => ({ message: 'written: x.yaml', profiles: ['x'] })),
  suspend: vi.fn(() => true),
  quit: vi.fn(),
};

beforeEach(() => {
  vi.clearAllMocks();
});

const open = (options: Partial<StartOptions> = {}) =>
  new Start({ profiles: [], lastTime: null, orDemo: false, on, ...options });
const press = (start: Start, ...keys: string[]) => {
  for (const key of keys) start.press(key);
};
const under = (start: Start) => {
  const row = start.rows[start.cursor];
  return row && (row.type === 'demo' ? 'demo' : row.name);
};

describe('while it looks', () => {
  it('opens nothing by Enter where nothing is offered yet', () => {
    const start = open();
    press(start, 'Enter');
    expect(start.message).toMatch(/still looking/);
    expect(on.demo).not.toHaveBeenCalled();
    press(start, 'w');
    expect(on.write).not.toHaveBeenCalled();
    start.found(offer(['a']));
    expect(start.message).toBeNull();
  });

  it('offers the saved profiles at once', () => {
    const start = open({ profiles: ['prod', 'test'] });
    press(start, 'j', 'Enter');
    expect(on.openProfile).toHaveBeenCalledExactlyOnceWith('test');
  });

  it('keeps the cursor on its row when findings come above it', () => {
    const start = open();
    press(start, 'j');
    expect(under(start)).toBe('demo');
    start.found(offer(['a', 'b']));
    expect(under(start)).toBe('demo');
  });

  it('tells its listeners of what comes', () => {
    const start = open();
    const heard = vi.fn();
    start.subscribe(heard);
    start.found(offer(['a']));
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe('choosing', () => {
  it('opens what is chosen, in the order in which it is shown', () => {
    const start = open();
    start.found(offer(['a', 'b', 'c']));
    press(start, 'Space', 'j', 'j', 'Space', 'k', 'Space', 'Enter');
    expect(on.open).toHaveBeenCalledExactlyOnceWith(['b', 'c']);
  });

  it('says that nothing is chosen', () => {
    const start = open();
    start.found(offer(['a'], { chosen: [] }));
    press(start, 'Enter');
    expect(start.message).toMatch(/nothing is chosen/);
    press(start, 'w');
    expect(start.message).toMatch(/choose something first/);
    expect(on.open).not.toHaveBeenCalled();
    expect(on.write).not.toHaveBeenCalled();
  });

  it('keeps what was chosen by hand when more is found', () => {
    const start = open();
    start.found(offer(['a', 'b']));
    press(start, 'Space', 'j', 'Space');
    start.found(offer(['z', 'a', 'b', 'c'], { chosen: ['a', 'c'] }));
    expect(under(start)).toBe('b');
    press(start, 'Enter');
    expect(on.open).toHaveBeenCalledWith(['b', 'c']);
  });

  it('opens only once, and leaves even then', () => {
    const start = open();
    start.found(offer(['a']));
    press(start, 'G', 'j', 'Enter', 'Enter', 'k', 'Enter', 'w');
    expect(on.demo).toHaveBeenCalledTimes(1);
    expect(on.open).not.toHaveBeenCalled();
    expect(start.message).toMatch(/starting/);
    press(start, 'q');
    expect(on.quit).toHaveBeenCalledTimes(1);
  });

  it('stays when a profile has mistakes', () => {
    const start = open({ profiles: ['prod'] });
    on.openProfile.mockReturnValueOnce('prod.yaml:1: sources must be a mapping');
    press(start, 'Enter');
    expect(start.message).toMatch(/prod\.yaml:1/);
    press(start, 'Enter');
    expect(on.openProfile).toHaveBeenCalledTimes(2);
  });

  it('writes a profile, offers it, and stays on its row', () => {
    const start = open();
    start.found(offer(['a', 'b']));
    press(start, 'w');
    expect(on.write).toHaveBeenCalledWith(['a']);
    expect(start.message).toBe('written: x.yaml');
    expect(start.rows.map(({ type }) => type)).toEqual(['profile', 'choice', 'choice', 'demo']);
    expect(under(start)).toBe('a');
  });
});

describe('the choice of last time', () => {
  it('is under the cursor: a profile', () => {
    const start = open({ profiles: ['prod', 'test'], lastTime: { profile: 'test' } });
    expect(under(start)).toBe('test');
    start.found(offer(['a']));
    expect(under(start)).toBe('test');
  });

  it('is under the cursor: sources, also below profiles', () => {
    const start = open({ profiles: ['prod'], lastTime: { names: ['b'] } });
    expect(under(start)).toBeUndefined();
    start.found(offer(['a', 'b'], { chosen: ['b'] }));
    expect(under(start)).toBe('b');
    press(start, 'Enter');
    expect(on.open).toHaveBeenCalledWith(['b']);
  });

  it('is passed over when it is gone', () => {
    expect(under(open({ profiles: ['prod'], lastTime: { profile: 'gone' } }))).toBe('prod');
    const start = open({ lastTime: { names: ['gone'] } });
    start.found(offer(['a']));
    expect(under(start)).toBe('a');
  });
});

describe('the embedded platform', () => {
  const NOTHING = offer(['host'], { isNothing: true });

  it('opens by itself where that is asked for and nothing is there', () => {
    open({ orDemo: true }).found(NOTHING);
    expect(on.demo).toHaveBeenCalledTimes(1);
  });

  it.each<[string, Partial<StartOptions>, Offer]>([
    ['it is not asked for', {}, NOTHING],
    ['something is found', { orDemo: true }, offer(['a'])],
    ['there is a profile', { orDemo: true, profiles: ['prod', 'test'] }, NOTHING],
  ])('does not where %s', (_, options, found) => {
    open(options).found(found);
    expect(on.demo).not.toHaveBeenCalled();
  });

  it('does not after the operator left', () => {
    const start = open({ orDemo: true });
    press(start, 'q');
    start.found(NOTHING);
    expect(on.demo).not.toHaveBeenCalled();
  });
});
