import type { Health, Noun } from '../model/entity.ts';
import type { Masked } from '../model/reveal.ts';
import { textWidth, wrap } from '../stage/width.ts';

/** A masked value of a text. */
export interface Secret extends Masked {
  /** What stands before the value on its first line. */
  head: string;
  /** The value as it is masked. */
  text: string;
}

/** A line of a text that is shown over the panes; a link leads to another noun. */
export interface DocLine {
  text: string;
  tone?: Health | 'title' | 'dim';
  /** Id of the noun that Enter opens. */
  link?: string;
  /** What stands here, where it is not watched: keys that act are about it. */
  noun?: Noun;
  /** What Enter does here instead. */
  run?: () => void;
  /** Where its value begins, when it has a label before it. */
  indent?: number;
  /** The item of a checklist that it belongs to. */
  item?: string;
  /** The masked value that stands here. */
  secret?: Secret;
}

const LABEL_WIDTH = 18;

/** `label   value`, in two columns. */
export const fact = (label: string, value: string, extra: Omit<DocLine, 'text'> = {}): DocLine => {
  const head = `${label.padEnd(LABEL_WIDTH - 2)}  `;
  return { text: `${head}${value}`, indent: head.length, ...extra };
};

export const title = (text: string): DocLine => ({ text, tone: 'title' });
export const GAP: DocLine = { text: '' };

/** A value that has fewer columns than this beside its label goes under it. */
const LEAST_VALUE = 20;

/** Lines broken to `columns`; what goes on in the next line stands under the value, not under the label. */
export function wrapped(lines: DocLine[], columns: number): DocLine[] {
  return lines.flatMap(line => {
    if (textWidth(line.text) <= columns) return [line];
    const besides = line.indent !== undefined && columns - line.indent >= LEAST_VALUE ? line.indent : 0;
    const text = besides > 0 ? line.text : line.text.replace(/(\S) {2,}/, '$1  ');
    const [first = '', ...rest] = wrap(text.slice(besides), Math.max(1, columns - besides));
    const next = { ...line, link: undefined };
    return [
      { ...line, text: text.slice(0, besides) + first },
      ...rest.map(text => ({ ...next, text: ' '.repeat(besides) + text })),
    ];
  });
}
