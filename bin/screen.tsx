import { type Instance, render } from 'ink';
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
import { openLog } from '../src/store/log-file.ts';
import { plain } from '../src/text/look.ts';
import { App } from '../views/App.tsx';
import { Boundary } from '../views/Boundary.tsx';
import { Notice } from '../views/Notice.tsx';
import { choose } from './choose.tsx';
import { Terminal } from './terminal.ts';

/** Opens the screen and stays until the operator leaves. Returns the exit code. */
export async function openScreen({ platform, options, colors }: ScreenCall): Promise<number> {
  const log = openLog(logPath());
  const terminal = new Terminal({ colors, log });
  const { stage, input } = terminal;
  let leave = () => {};
  const left = new Promise<number>(resolve => {
    leave = () => resolve(EXIT.well);
  });
  const app = render(<Notice text={plain('starting …', options.ascii)} quit={leave} />, {
    stdout: stage.inkStdout,
    stdin: input.stdin,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  // A view that throws ends Ink, and with it the program.
  app.waitUntilExit().catch(error => terminal.fail(error));
  try {
    return await Promise.race([left, terminal.ended, open(platform, { app, terminal, options, log })]);
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
    app.unmount();
    terminal.close();
  }
}

async function open(platform: ScreenCall['platform'], surroundings: Surroundings): Promise<number> {
  const chosen = platform ? await platform() : await choose(surroundings);
  return chosen ? watch(chosen, surroundings) : EXIT.well;
}

interface Surroundings {
  app: Instance;
  terminal: Terminal;
  options: Options;
  log(line: string): void;
}

async function watch(platform: Platform, { app, terminal, options, log }: Surroundings): Promise<number> {
  const { stage } = terminal;
  const untold: Trouble[] = [];
  let show = (trouble: Trouble): void => void untold.push(trouble);
  const tell = (trouble: Trouble) => {
    log(sentence(trouble));
    show(trouble);
  };
  const session = openSession(platform, { tell, log });
  const { fleet, store } = session;
  fleet.feed.restore(store.query({ since: Date.now() - KEPT_ON_SCREEN_MS }));
  try {
    const quit = new Promise<number>(resolve => {
      const screen = new Screen({
        fleet,
        keys: new KeyMap(platform.profile.keys),
        namespace: platform.profile.namespace ?? null,
        ascii: options.ascii,
        banner: platform.demo ? DEMO_BANNER : null,
        triggers: platform.triggers,
        on: {
          quit: () => resolve(0),
          suspend: () => terminal.suspend(),
          redraw: () => stage.repaint(),
          mouse: on => stage.setMouse(on),
          trigger: name => platform.trigger(name),
        },
      });
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
      show = trouble => {
        fleet.sink(OURSELVES, 'host').event(notKept(trouble, fleet.now()));
        screen.tell(sentence(trouble));
      };
      for (const trouble of untold) show(trouble);
      const title = options.readOnly ? `${platform.title} · read-only` : platform.title;
      app.rerender(
        <Boundary fail={error => terminal.fail(error)}>
          <App screen={screen} title={title} clock={options.clock} pressed={pressed} isSlow={() => stage.slow} />
        </Boundary>,
      );
    });
    return await Promise.race([quit, terminal.ended]);
  } finally {
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
const KEPT_ON_SCREEN_MS = 24 * 3_600_000;
const DEMO_BANNER = 'demo: the embedded platform, nothing real is touched (": demo" lets things fail)';
