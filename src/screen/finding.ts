import type { Deeds } from './deeds.ts';
import { editText } from './edit-text.ts';
import type { Shown } from './shown.ts';

/** Looking for words in the text that is open. */
export class Finding {
  readonly #shown: Shown;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  readonly deeds = {
    find: () => {
      this.#shown.sought = '';
      this.#shown.input = { into: 'find', from: this.#shown.docs.at(-1)?.line ?? 0 };
    },
    'find-next': () => this.#on(1),
    'find-before': () => this.#on(-1),
  } satisfies Deeds;

  /** To the first line from where one stood that has what is typed so far. */
  type(from: number, key: string): void {
    if (key === 'Enter') this.#shown.input = null;
    else {
      this.#shown.sought = editText(this.#shown.sought, key) ?? this.#shown.sought;
      this.#goToFound(from, 1);
    }
  }

  #on(step: 1 | -1): void {
    if (this.#shown.sought === '')
      this.#shown.message = `nothing is looked for: ${this.#shown.options.keys.nameOf('find')} first`;
    else this.#goToFound((this.#shown.docs.at(-1)?.line ?? 0) + step, step);
  }

  #goToFound(from: number, step: 1 | -1): void {
    const { sought } = this.#shown;
    const doc = this.#shown.docs.at(-1);
    if (!doc) return;
    const lines = this.#shown.docLines(doc);
    const wanted = sought.toLowerCase();
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      if (lines[at]?.text.toLowerCase().includes(wanted)) {
        doc.line = at;
        return;
      }
    }
    this.#shown.message = `"${sought}" is not ${step > 0 ? 'from here on' : 'before this'}`;
  }
}
