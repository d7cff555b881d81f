import { render } from 'ink-testing-library';
import { afterEach } from 'vitest';
import type { Fleet } from '../../src/fleet/fleet.ts';
import type { Picture } from '../../src/stage/picture.ts';
import { App } from '../../views/App.tsx';
import { textOf } from '../helpers/pictures.ts';
import { screenOver } from '../helpers/screen-over.ts';

let cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups) cleanup();
  cleanups = [];
});

export interface OpenOptions {
  ascii?: boolean;
  banner?: string | null;
}

/** The whole screen over a fleet; it is closed and the fleet stopped after the test. */
export function open(fleet: Fleet, columns: number, rows: number, options: OpenOptions = {}) {
  const screen = screenOver(fleet, options);
  screen.resize(columns, rows);
  let picture: Picture = [];
  const show = (look: () => Picture) => {
    picture = look();
  };
  const around = { title: 'saasodoo', clock: 'minutes' } as const;
  const view = () => <App screen={screen} around={around} pressed={() => {}} isSlow={() => false} show={show} />;
  const app = render(view());
  cleanups.push(() => {
    app.unmount();
    void fleet.stop();
  });
  return {
    screen,
    draw: () => app.rerender(view()),
    /** As it is handed to the stage. */
    picture: () => picture,
    /** Its lines with their colours, one rectangle after the other. */
    frame: () => picture.flatMap(({ lines }) => lines).join('\n'),
    /** What is seen of it. */
    text: () => textOf(picture, screen.size.columns, screen.size.rows),
  };
}
