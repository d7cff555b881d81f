import { foldJson } from '../logs/json-line.ts';

const FOLDS: readonly [RegExp, string][] = [
  [/"(?:[^"\\]|\\.)*"/g, '"…"'],
  [/(?<![\p{L}\d])'(?:[^'\\]|\\.)*'(?![\p{L}\d])/gu, "'…'"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi, '<id>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>'],
  [/(?<![\da-f:])(?:[\da-f]{0,4}:){3,7}[\da-f]{0,4}(?![\da-f:])/gi, '<address>'],
  [/\b0x[\da-f]+\b/gi, '<id>'],
  // At least one digit, for "deadbeef" may be a word, and one letter: a number is one, however long.
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{8,}\b/gi, '<id>'],
  [/\d+(?:[.,]\d+)*/g, '<n>'],
  [/\s+/g, ' '],
];

const LONGEST = 160;

/** What lines of a log have in common that differ in numbers, ids, times, addresses and quoted values only. */
export function shapeOf(text: string): string {
  const words = foldJson(text) ?? text;
  return FOLDS.reduce((folded, [pattern, mark]) => folded.replace(pattern, mark), words.slice(0, 1_000))
    .trim()
    .slice(0, LONGEST);
}
