import { PassThrough } from 'node:stream';
import { type Instance, render, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { Stage } from '../../src/stage/stage.ts';
import { wholeRows } from '../helpers/pictures.ts';
import { type Emulator, emulate } from './emulator.ts';
import { FakeOut } from './fake-out.ts';

/** A program on a stage in an emulated terminal. */
function show(view: (stage: Stage) => ReactNode, columns: number, rows: number) {
  const out = new FakeOut(columns, rows);
  const emulator = emulate(columns, rows);
  out.onWrite = text => void emulator.write(text);
  const stage = new Stage({ out, colors: 'full' });
  stage.open();
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input, ref() {}, unref() {} });
  const app = render(view(stage), {
    stdout: stage.inkStdout,
    stdin: input as unknown as NodeJS.ReadStream,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  running.push(app);
  const resize = (width: number, height: number) => {
    emulator.terminal.resize(width, height);
    out.resize(width, height);
  };
  return { out, emulator, stage, app, type: (keys: string) => input.write(keys), resize };
}

const running: Instance[] = [];
afterEach(() => {
  for (const app of running.splice(0)) app.unmount();
});

const text = (emulator: Emulator) => expect.poll(() => emulator.lines().join('\n').trimEnd());

function Counter({ stage }: { stage: Stage }) {
  const [count, setCount] = useState(0);
  const [doubled, setDoubled] = useState(0);
  const [broken, setBroken] = useState(false);
  const [pasted, setPasted] = useState('');
  const { columns, rows } = useWindowSize();
  const { suspendTerminal } = useApp();
  useEffect(() => setDoubled(count * 2), [count]);
  usePaste(setPasted);
  useInput(key => {
    if (key === 's') suspended = suspendTerminal(() => new Promise(resolve => (resume = resolve)));
    else if (key === 'b') setBroken(true);
    else setCount(count + 1);
  });
  if (broken) throw new Error('a view is broken');
  const text = `${columns}×${rows} count ${count} doubled ${doubled} ${pasted}`;
  useLayoutEffect(() => stage.show(() => wholeRows([text])));
  return null;
}
const counter = (stage: Stage) => <Counter stage={stage} />;
let suspended: Promise<unknown>;
let resume: () => void;

describe('the life of Ink', () => {
  it('reaches the terminal as pictures only', async () => {
    const { emulator, stage, app, type, resize, out } = show(counter, 60, 5);
    await text(emulator).toBe('60×5 count 0 doubled 0');
    out.taken();
    stage.urgent();
    type('j');
    await text(emulator).toBe('60×5 count 1 doubled 2');
    expect(out.taken(), 'the commits of one key are one write').toHaveLength(1);
    type('\x1b[200~pasted\x1b[201~');
    await text(emulator).toBe('60×5 count 1 doubled 2 pasted');
    resize(40, 3);
    await text(emulator).toBe('40×3 count 1 doubled 2 pasted');
    resize(70, 6);
    await text(emulator).toBe('70×6 count 1 doubled 2 pasted');
    type('s');
    await expect.poll(() => resume).toBeTypeOf('function');
    stage.suspend();
    await emulator.write('an editor');
    expect(emulator.terminal.buffer.active.type).toBe('normal');
    stage.resume();
    resume();
    await suspended;
    await text(emulator).toBe('70×6 count 1 doubled 2 pasted');
    app.unmount();
    await app.waitUntilExit();
    stage.close();
    await emulator.write('');
    expect(emulator.terminal.buffer.active.type).toBe('normal');
    expect(emulator.terminal.modes).toMatchObject({ bracketedPasteMode: false, mouseTrackingMode: 'none' });
    await text(emulator).toBe('an editor');
    const sent = out.taken().join('');
    expect(sent.split('\x1b[?25h'), 'the cursor comes back with the terminal only').toHaveLength(3);
  });

  it('ends with the error of a view that breaks', async () => {
    const { emulator, app, type, stage } = show(counter, 60, 8);
    const end = expect(app.waitUntilExit()).rejects.toThrow('a view is broken');
    await text(emulator).toBe('60×8 count 0 doubled 0');
    type('b');
    await end;
    stage.close();
    await emulator.write('');
    expect(emulator.terminal.buffer.active.type).toBe('normal');
  });
});

function LastKey({ stage }: { stage: Stage }) {
  const [last, setLast] = useState('none');
  useInput((input, key) => setLast(key.escape ? `Esc${input}` : input));
  useLayoutEffect(() => stage.show(() => wholeRows([`last ${last}`])));
  return null;
}

it('takes Esc at once in the form in which it gets it', async () => {
  const { emulator, type } = show(stage => <LastKey stage={stage} />, 20, 2);
  await text(emulator).toBe('last none');
  type('\x1b[27u');
  await text(emulator).toBe('last Esc');
});
