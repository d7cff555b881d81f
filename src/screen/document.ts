import type { Health } from '../model/entity.ts';

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
