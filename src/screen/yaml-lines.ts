import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, stringify } from 'yaml';
import { printable } from '../model/printable.ts';
import { landmarksOf, type Path } from '../model/reveal.ts';
import { MASK } from '../model/secrets.ts';
import type { DocLine } from './document.ts';

/**
 * A masked object as YAML, a printable line each; those of a masked value say where it stands. Apart from the rest
 * because the library is loaded only when it is needed.
 */
export function yamlLines(object: unknown): DocLine[] {
  const text = stringify(object, { lineWidth: 0 });
  const lines = text.split('\n').map(line => lineOf(printable(line)));
  if (!text.includes(MASK)) return lines;
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter });
  for (const { path, scalar } of leaves(contents, [])) {
    const { value, range } = scalar;
    if (typeof value !== 'string' || !value.includes(MASK) || !range) continue;
    const first = counter.linePos(range[0]);
    const last = counter.linePos(Math.max(range[0], range[1] - 1));
    const head = printable(text.slice(counter.lineStarts[first.line - 1], range[0]));
    const secret = { path, landmarks: landmarksOf(object, path), head, text: value };
    for (let at = first.line; at <= last.line; at++) lines[at - 1] = { text: '', ...lines[at - 1], secret };
  }
  return lines;
}

/** What goes on in the next line stands deeper than its key, so that it is taken for none. */
function lineOf(text: string): DocLine {
  const depth = /^ *(?=[!-~]{2})/.exec(text)?.[0].length;
  return depth === undefined ? { text } : { text, indent: depth + 2 };
}

function* leaves(node: unknown, path: Path): Generator<{ path: Path; scalar: Scalar }> {
  if (isScalar(node)) yield { path, scalar: node };
  else if (isSeq(node)) for (const [index, item] of node.items.entries()) yield* leaves(item, [...path, index]);
  else if (isMap(node)) {
    for (const { key, value } of node.items) yield* leaves(value, [...path, String(isScalar(key) ? key.value : key)]);
  }
}
