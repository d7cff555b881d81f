import type { Run, RunOptions } from '../runner.ts';
import { withoutOctal } from './octal.ts';
import { type Doing, resultError, Silent, startError } from './read-error.ts';

/** A hang loses one batch only, and the whole of it must fit into one argument of a remote shell (128 KiB). */
const BATCH_PATHS = 250;
const BATCH_CHARACTERS = 64_000;

/** What the paths answered to one attribute. A path in neither map does not have the attribute. */
export interface Answers {
  values: Map<string, string>;
  /** The system's words for each path that could not be asked. */
  failures: Map<string, string>;
}

/**
 * One attribute of many paths, with a getfattr for each batch: it takes one name only, `-d` lists none of CephFS's
 * attributes, and several names in one call mean the last one. Rejects with Silent at the deadline, with a ReadError
 * when the command itself failed; a path that fails is an answer.
 */
export async function readAttribute(
  run: Run,
  attribute: string,
  paths: string[],
  options: RunOptions,
): Promise<Answers> {
  const batches = await Promise.all(inBatches(paths).map(batch => ask(run, attribute, batch, options)));
  return {
    values: new Map(batches.flatMap(({ values }) => [...values])),
    failures: new Map(batches.flatMap(({ failures }) => [...failures])),
  };
}

async function ask(run: Run, attribute: string, paths: string[], options: RunOptions): Promise<Answers> {
  const doing: Doing = { what: `read ${attribute}`, on: paths[0] ?? '', program: 'getfattr' };
  const argv = ['getfattr', '--absolute-names', '-n', attribute, '--', ...paths];
  const result = await run(argv, options).catch(error => {
    throw startError(error, doing);
  });
  if (result.timedOut) throw new Silent();
  const answers = parseGetfattr(attribute, result.stdout, result.stderr);
  const answered = (path: string) => answers.values.has(path) || answers.failures.has(path) || answers.absent.has(path);
  if (result.code === 0 || (result.code === 1 && paths.every(answered))) return answers;
  throw resultError(result, doing);
}

/** The output of `LC_ALL=C getfattr --absolute-names -n ATTRIBUTE` (getfattr(1): line breaks and `\` become `\ooo`). */
export function parseGetfattr(attribute: string, stdout: string, stderr: string): Answers & { absent: Set<string> } {
  const values = new Map<string, string>();
  let path: string | null = null;
  for (const line of stdout.split('\n')) {
    if (line.startsWith('# file: ')) path = withoutOctal(line.slice('# file: '.length));
    else if (path !== null && line.startsWith(`${attribute}="`) && line.endsWith('"'))
      values.set(path, withoutOctal(line.slice(attribute.length + 2, -1)));
  }
  const failures = new Map<string, string>();
  const absent = new Set<string>();
  for (const line of stderr.split('\n')) {
    const failure = whichFailed(line, attribute);
    if (failure === null) continue;
    if (/^No such attribute|^No data available/.test(failure.words)) absent.add(failure.path);
    else failures.set(failure.path, failure.words);
  }
  return { values, failures, absent };
}

/** `PATH: ATTRIBUTE: words`, or `getfattr: PATH: words` for a path that cannot be reached at all. */
function whichFailed(line: string, attribute: string): { path: string; words: string } | null {
  const named = line.lastIndexOf(`: ${attribute}: `);
  if (named >= 0)
    return { path: withoutOctal(line.slice(0, named)), words: line.slice(named + attribute.length + ': : '.length) };
  const [, path, words] = /^\S*getfattr: (.*): ([^:]+)$/s.exec(line) ?? [];
  return path !== undefined && words !== undefined ? { path: withoutOctal(path), words } : null;
}

function inBatches(paths: string[]): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const path of paths) {
    const last = batches.at(-1);
    room -= path.length;
    if (last && last.length < BATCH_PATHS && room >= 0) last.push(path);
    else {
      batches.push([path]);
      room = BATCH_CHARACTERS - path.length;
    }
  }
  return batches;
}
