import type { Answer } from './answer.ts';
import { DEVICE } from './find.ts';
import type { Tree } from './tree.ts';

/** The directory that was entered, and what is to be run there. */
export interface Entered {
  cwd: string;
  argv: string[];
}

/**
 * What the embedded shell does with `sh -c SCRIPT NAME DIRECTORY ROOT DEVICE:INODE timeout SECONDS WORDS…`: it knows the
 * one script with which the source of CephFS enters a directory, and ends as that does when it is not what was seen.
 */
export function enter(args: string[], root: string, tree: Tree): Entered | Answer {
  const [c, , , directory = '', , identity = '', timeout, , ...argv] = args;
  if (c !== '-c' || timeout !== 'timeout') return ended(2);
  let place = tree.at(directory);
  for (let links = 0; place?.type === 'l' && links < MOST_LINKS; links++) {
    if (!tree.covers(place.target ?? '')) return ended(OUTSIDE);
    place = tree.at(place.target ?? '');
  }
  if (place?.type !== 'd') return ended(GONE);
  if (place.path === root) return ended(OUTSIDE);
  return identity === `${DEVICE}:${place.inode}` ? { cwd: place.path, argv } : ended(ANOTHER);
}

const [GONE, OUTSIDE, ANOTHER] = [71, 72, 74];
const MOST_LINKS = 40;

function ended(code: number): Answer {
  return { code, stdout: '', stderr: '' };
}
