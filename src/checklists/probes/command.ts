import { printable } from '../../model/printable.ts';
import type { Probe } from '../checklist.ts';
import { finding } from '../finding.ts';
import { type Limits, limitsOf, over, withWords } from '../limits.ts';

export interface CommandOptions extends Limits {
  command: string[];
  timeoutSeconds: number;
}

/** A command on this machine: it ends with 0, and the first number that it prints is within its thresholds. */
export function command({ command: argv, timeoutSeconds, ...limits }: CommandOptions): Probe {
  const [program = ''] = argv;
  const wanted = limitsOf(limits);
  return {
    name: program,
    needs: [],
    async look(means) {
      const { code, stdout, stderr, timedOut } = await means.command(argv, timeoutSeconds * 1000, means.signal);
      if (timedOut) return { findings: [finding(program, 'unknown', `no end within ${timeoutSeconds} s`)], facts: [] };
      const said = (stdout.trim() || stderr.trim())
        .split('\n')
        .slice(0, 5)
        .map(line => printable(line, 200));
      const values: Record<string, number | null> = { exit: code, value: numberIn(stdout) };
      const asksExit = wanted.some(({ threshold }) => threshold.name === 'exit');
      if (code !== 0 && !asksExit) {
        const how = code === null ? 'was ended' : `ended with ${code}`;
        return { findings: [finding(program, 'bad', `${how}: ${said[0] ?? 'without a word'}`, said)], facts: [] };
      }
      const verdict = wanted
        .map(limit => over([limit], values[limit.threshold.name ?? 'value'] ?? null))
        .find(one => one !== null);
      const words = said[0] ?? 'said nothing';
      return {
        findings: verdict ? [finding(program, verdict.health, withWords(words, verdict), said)] : [],
        facts: [words],
      };
    },
  };
}

function numberIn(text: string): number | null {
  const [number] = /-?\d+(?:\.\d+)?/.exec(text) ?? [];
  return number === undefined ? null : Number(number);
}
