import type { Health } from '../model/entity.ts';
import { textWidth, wrap } from '../stage/width.ts';

/** A line of a text that is shown over the panes; a link leads to another noun. */
export interface DocLine {
  text: string;
  tone?: Health | 'title' | 'dim';
  /** Id of the noun that Enter opens. */
  link?: string;
}

const LABEL_WIDTH = 16;

/** `label   value`, in two columns. */
export const fact = (label: string, value: string, extra: Omit<DocLine, 'text'> = {}): DocLine => ({
  text: `${label.padEnd(LABEL_WIDTH)}${value}`,
  ...extra,
});

export const title = (text: string): DocLine => ({ text, tone: 'title' });
export const GAP: DocLine = { text: '' };

/** Lines broken to `columns`; what goes on in the next line stands under the value, not under the label. */
export function wrapped(lines: DocLine[], columns: number): DocLine[] {
  const narrow = Math.max(8, columns - LABEL_WIDTH);
  return lines.flatMap(line => {
    if (textWidth(line.text) <= columns) return [line];
    const hasLabel =
      /^\S.{0,14} {2,}\S/.test(line.text.slice(0, LABEL_WIDTH + 1)) || line.text[LABEL_WIDTH - 1] === ' ';
    const indent = hasLabel ? LABEL_WIDTH : 0;
    const [first = '', ...rest] = wrap(line.text.slice(indent), hasLabel ? narrow : Math.max(8, columns));
    const next = { ...line, link: undefined };
    return [
      { ...line, text: line.text.slice(0, indent) + first },
      ...rest.map(text => ({ ...next, text: ' '.repeat(indent) + text })),
    ];
  });
}
