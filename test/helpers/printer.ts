import type { Console } from '../../src/actions/console.ts';

/** Without a terminal: what was printed. */
export function printer(): Console & { printed: string[] } {
  const printed: string[] = [];
  return {
    printed,
    hasTerminal: false,
    lend: (_head, use) =>
      use({
        size: () => null,
        // A server begins with an empty piece.
        print: (data, to) => void (data.length > 0 && printed.push(`${to}: ${data}`)),
        onType: () => {},
        onResize: () => {},
        run: async () => null,
      }),
  };
}
