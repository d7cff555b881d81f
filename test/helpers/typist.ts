import type { Console, Lent } from '../../src/actions/console.ts';

/** Types this when the terminal is there; `printed` is what came. */
export function typist(keys: string): Console & { printed: string } {
  const console = {
    printed: '',
    hasTerminal: true,
    lend: <T>(_head: string, use: (terminal: Lent) => Promise<T>) =>
      use({
        size: () => ({ columns: 77, rows: 22 }),
        print: data => {
          console.printed += data;
        },
        onType: listener => listener(Buffer.from(keys)),
        onResize: () => {},
        run: async () => null,
      }),
  };
  return console;
}
