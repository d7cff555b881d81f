import type { Console } from '../actions/console.ts';
import { asGuest } from '../stage/guest.ts';
import type { Io } from './io.ts';

/** Of a command: the terminal that it was called from; without one its output and its errors, and nothing is typed. */
export function consoleOf({ isInteractive, out, err }: Io, { json }: { json: boolean }): Console {
  if (isInteractive && !json) {
    return {
      hasTerminal: true,
      lend: (_head, use) => asGuest(process.stdin, process.stdout, use),
    };
  }
  return {
    hasTerminal: false,
    lend: (_head, use) =>
      use({
        size: () => null,
        // JSON has standard output for itself.
        print: (data, to) => (to === 'stdout' && !json ? out : err)(data.toString('utf8')),
        onType: () => {},
        onResize: () => {},
        run: async () => {
          throw new Error('there is no terminal');
        },
      }),
  };
}
