import { type Instance, render } from 'ink';
import type { ReactElement } from 'react';
import type { Terminal } from './terminal.ts';

/** Mounts a view in Ink, which reads the keys for it; what is to be seen goes to the stage. */
export function mount(view: ReactElement, terminal: Terminal): Instance {
  const app = render(view, {
    stdout: terminal.stage.inkStdout,
    stdin: terminal.input.stdin,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  // A view that throws ends Ink, and with it the program.
  app.waitUntilExit().catch(error => terminal.fail(error));
  return app;
}
