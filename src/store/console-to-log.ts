import { Console } from 'node:console';
import { Writable } from 'node:stream';

/**
 * What libraries print, and what Node warns of, goes to the log: on the terminal it would stand in the middle of the
 * screen, and in the output of a command somebody else would read it. Nothing of ours prints by the console.
 */
export function consoleToLog(log: (line: string) => void): void {
  const lines = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      for (const line of text.split('\n')) if (line.trim() !== '') log(`printed: ${line}`);
      done();
    },
  });
  globalThis.console = new Console(lines);
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log(`printed: ${name}: ${message}`));
}
