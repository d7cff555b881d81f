import type { Answer } from './answer.ts';
import { df, health, mgrStat, monStat, status, versions } from './cluster.ts';
import { fsDump, fsEpoch, fsList, fsStatus, mdsStat } from './metadata-servers.ts';
import { osdDf, osdStat, osdTree } from './osds.ts';
import type { View } from './view.ts';

/** A question, and what it is like to be asked it. */
interface Question {
  answer(view: View): unknown;
  /** The manager answers it: without one nobody does. */
  ofManager?: boolean;
  /** What ceph prints behind the JSON; it does so for some questions only. */
  end: '' | '\n';
  /** It goes to stderr. */
  says?(view: View): string;
  /** As Python writes JSON. */
  spaced?: boolean;
}

/** All that is answered, as `ceph … -f json` of 16.2 does. */
const QUESTIONS: Record<string, Question> = {
  status: { answer: status, end: '\n' },
  '-s': { answer: status, end: '\n' },
  health: { answer: view => health(view, { detail: false }), end: '' },
  'health detail': { answer: view => health(view, { detail: true }), end: '' },
  df: { answer: view => df(view, { detail: false }), end: '\n' },
  'df detail': { answer: view => df(view, { detail: true }), end: '\n' },
  'osd stat': { answer: osdStat, end: '' },
  'osd tree': { answer: osdTree, end: '\n' },
  'osd df': { answer: osdDf, end: '\n', ofManager: true },
  'fs status': { answer: fsStatus, end: '\n', ofManager: true, spaced: true },
  'fs ls': { answer: fsList, end: '\n' },
  'fs dump': { answer: fsDump, end: '\n', says: view => `dumped fsmap epoch ${fsEpoch(view)}\n` },
  'mds stat': { answer: mdsStat, end: '\n' },
  'mon stat': { answer: monStat, end: '\n' },
  'mgr stat': { answer: mgrStat, end: '' },
  versions: { answer: versions, end: '' },
};

/** What ceph does with a question: it answers, waits without limit, or gives up after so many seconds. */
export type Outcome = Answer | 'hangs' | { afterSeconds: number; answer: Answer };

export function ceph(args: string[], view: View): Outcome {
  const { words, json, connectSeconds } = parse(args);
  const question = QUESTIONS[words];
  if (view.daemons.monitorsGone) {
    const gaveUp = { code: 1, stdout: '', stderr: 'timed out\n' };
    return connectSeconds === null ? 'hangs' : { afterSeconds: connectSeconds, answer: gaveUp };
  }
  if (!question) return invalid('no valid command found');
  if (!json) return invalid('the embedded cluster answers with -f json only');
  if (question.ofManager && view.daemons.managerGoneSince !== null) return 'hangs';
  const text = question.spaced ? spaced(question.answer(view)) : JSON.stringify(question.answer(view));
  return { code: 0, stdout: `\n${text}${question.end}`, stderr: question.says?.(view) ?? '' };
}

function parse(args: string[]) {
  const words: string[] = [];
  let json = false;
  let connectSeconds: number | null = null;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '-f' || arg === '--format') json = args[++index] === 'json';
    else if (arg === '--format=json') json = true;
    else if (arg === '--connect-timeout') connectSeconds = Number(args[++index]);
    else if (/^(--conf|-c|--cluster|--id|-n|--name|--keyring|-k)$/.test(arg)) index++;
    else words.push(arg);
  }
  return { words: words.join(' '), json, connectSeconds };
}

function invalid(why: string): Answer {
  return { code: 22, stdout: '\n', stderr: `${why}\nError EINVAL: invalid command\n` };
}

/** As Python does: a blank behind every comma and colon, keys in their order. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}: ${spaced(each)}`).join(', ')}}`;
}
