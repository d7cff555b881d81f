import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from 'ink';
import type { ReactElement } from 'react';
import { actorOf } from '../src/cli/actor.ts';
import type { Options } from '../src/cli/arguments.ts';
import { EXIT } from '../src/cli/io.ts';
import { mistake } from '../src/cli/mistake.ts';
import type { Platform } from '../src/cli/platform.ts';
import type { ScreenCall } from '../src/cli/run.ts';
import { openSession } from '../src/cli/session.ts';
import { KeyMap } from '../src/keys/table.ts';
import type { Happening } from '../src/model/event.ts';
import { sentence, type Trouble } from '../src/model/trouble.ts';
import { logPath } from '../src/profile/folders.ts';
import { Screen } from '../src/screen/screen.ts';
import type { Picture } from '../src/stage/picture.ts';
import { openLog } from '../src/store/log-file.ts';
import { screenPicture } from '../views/screen-picture.ts';
import { followOn } from './follow-on.ts';
import { keepMemorySmall } from './memory.ts';
import { Terminal } from './terminal.ts';

/** Opens the screen and stays until the operator leaves. Returns the exit code. */
export async function openScreen({ platform, options, colors }: ScreenCall): Promise<number> {
  const log = openLog(logPath());
  const terminal = new Terminal({ colors, log });
  let app: Instance | null = null;
  const show = async (view: ReactElement) => {
    if (app) app.rerender(view);
    else app = (await import('./ink.ts')).mount(view, terminal);
    return app.waitUntilRenderFlush();
  };
  const drawn = () => app?.waitUntilRenderFlush() ?? terminal.stage.drawn();
  try {
    return await Promise.race([terminal.ended, open(platform, { show, drawn, terminal, options, log })]);
  } catch (error) {
    const known = mistake(error);
    if (!known) {
      terminal.fail(error);
      return EXIT.fault;
    }
    // Told where it stays to be read: on the shell's screen.
    terminal.close();
    process.stderr.write(known.text);
    return known.code;
  } finally {
    (app as Instance | null)?.unmount();
    terminal.close();
  }
}

async function open(platform: ScreenCall['platform'], surroundings: Surroundings): Promise<number> {
  const chosen = platform ?? (await (await import('./choose.tsx')).choose(surroundings));
  return chosen ? watch(chosen, surroundings) : EXIT.well;
}

interface Surroundings {
  /** Draws this from now on; resolves when the terminal has it. */
  show(view: ReactElement): Promise<void>;
  /** Resolves when what is to be drawn now has reached the terminal. */
  drawn(): Promise<void>;
  terminal: Terminal;
  options: Options;
  log(line: string): void;
}

/** The first picture needs no React: it is drawn before Ink is loaded and anything is opened or asked; then what it shows comes. */
async function watch(platform: Platform, { show, drawn, terminal, options, log }: Surroundings): Promise<number> {
  const { stage } = terminal;
  const session = openSession(platform, {
    tell,
    log,
    onCutShort: cut => screen.acting.tellCutShort(cut),
    rememberMs: KEPT_ON_SCREEN_MS,
    shares: true,
    sample: true,
    console: { hasTerminal: true, lend: (head, use) => terminal.lend(head, use) },
    ...actorOf(options),
  });
  const { fleet } = session;
  const left = Promise.withResolvers<number>();
  const screen = new Screen({
    fleet,
    gateway: session.gateway,
    trends: session.trends,
    madeUpPast: platform.demo,
    checklists: session.checklists,
    keys: new KeyMap(platform.profile.keys),
    namespace: platform.profile.namespace ?? null,
    ascii: options.ascii,
    banner: platform.demo ? DEMO_BANNER : null,
    triggers: platform.triggers,
    on: {
      // What the keys before it have changed is still shown, unless the line is too slow for that.
      quit: () => void Promise.race([drawn(), sleep(LAST_FRAME_MS)]).then(() => left.resolve(EXIT.well)),
      drawn: callback => void drawn().then(callback),
      suspend: () => terminal.suspend(),
      redraw: () => stage.repaint(),
      mouse: on => stage.setMouse(on),
      copy: text => stage.copy(text),
      trigger: name => platform.trigger(name),
    },
  });

  function tell(trouble: Trouble): void {
    log(sentence(trouble));
    fleet.sink(OURSELVES, 'host').event(notKept(trouble, fleet.now()));
    screen.tell(sentence(trouble));
  }

  const pressed = () => stage.urgent();
  terminal.onMouse(event => {
    pressed();
    if (event.type === 'click') screen.click(event.column, event.row);
    else screen.wheel(event.column, event.row, event.by);
  });
  terminal.onResize((columns, rows) => screen.resize(columns, rows));
  const attend = () => fleet.attend(screen.attended());
  attend();
  screen.subscribe(attend);
  const title = options.readOnly ? `${platform.title} · read-only` : platform.title;
  const around = { title, clock: options.clock };
  const showApp = async () => {
    const { watchView } = await import('./watch-view.tsx');
    const onStage = (look: () => Picture) => stage.show(look);
    await show(watchView({ screen, around, pressed, isSlow: () => stage.slow, show: onStage }));
  };
  const go = async (): Promise<never> => {
    stage.show(() => screenPicture(screen, { ...around, slow: false }));
    await stage.drawn();
    keepMemorySmall();
    await Promise.all([session.begin(), showApp()]);
    return new Promise(() => {});
  };
  try {
    return await Promise.race([left.promise, terminal.ended, go()]);
  } finally {
    if (session.gateway.end() && !platform.demo) followOn(options);
    await session.gateway.ended();
    await session.close();
  }
}

/** What cannot be kept is an event as well: the footer's sentence is gone with the next key. */
function notKept(trouble: Trouble, at: number): Happening {
  return {
    key: `${OURSELVES}/store/${trouble.what}`,
    at,
    severity: 'warn',
    source: OURSELVES,
    about: null,
    subject: 'event store',
    reason: 'not kept',
    message: sentence(trouble),
  };
}

const OURSELVES = 'quarterdeck';
const LAST_FRAME_MS = 200;
const KEPT_ON_SCREEN_MS = 24 * 3_600_000;
const DEMO_BANNER = 'demo: the embedded platform, nothing is real (": demo" lets things fail)';
