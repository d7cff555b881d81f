import type { Cursor } from './cursor.ts';
import type { Deeds } from './deeds.ts';
import { editText } from './edit-text.ts';
import type { Finding } from './finding.ts';
import type { Command } from './palette.ts';
import type { Input, Shown } from './shown.ts';

/** What is typed into the filter, the palette and the search. */
export class Typing {
  readonly #shown: Shown;
  readonly #cursor: Cursor;
  readonly #finding: Finding;
  readonly #chosen: (command: Command) => void;

  constructor(shown: Shown, cursor: Cursor, finding: Finding, chosen: (command: Command) => void) {
    this.#shown = shown;
    this.#cursor = cursor;
    this.#finding = finding;
    this.#chosen = chosen;
  }

  readonly deeds = {
    filter: () => {
      this.#shown.input = { into: 'filter', before: this.#shown.pane.filter };
    },
    palette: () => {
      this.#shown.input = { into: 'palette', text: '', index: 0 };
    },
  } satisfies Deeds;

  type(input: Input, key: string): void {
    if (key === 'Esc') {
      if (input.into === 'filter') this.#shown.change({ filter: input.before });
      this.#shown.input = null;
    } else if (input.into === 'filter') this.#typeFilter(key);
    else if (input.into === 'find') this.#finding.type(input.from, key);
    else if (input.into === 'note') this.#typeNote(input, key);
    else this.#typeCommand(input, key);
  }

  paste(input: Input, line: string): void {
    if (input.into === 'filter') this.#shown.change({ filter: this.#shown.pane.filter + line });
    else if (input.into === 'find') this.#shown.sought += line;
    else if (input.into === 'note') this.#shown.input = { ...input, text: input.text + line };
    else this.#shown.input = { ...input, text: input.text + line, index: 0 };
  }

  #typeNote(input: Extract<Input, { into: 'note' }>, key: string): void {
    const text = input.text.trim();
    if (key !== 'Enter') this.#shown.input = { ...input, text: editText(input.text, key) ?? input.text };
    else if (text === '') this.#shown.message = 'a word of why is needed; Esc leaves it';
    else {
      this.#shown.input = null;
      input.take(text);
    }
  }

  #typeFilter(key: string): void {
    const { filter } = this.#shown.pane;
    if (key === 'Enter') this.#shown.input = null;
    else if (key === 'Up' || key === 'Down') this.#cursor.move(key === 'Up' ? -1 : 1);
    else this.#shown.change({ filter: editText(filter, key) ?? filter });
  }

  #typeCommand(input: Extract<Input, { index: number }>, key: string): void {
    const found = this.#shown.paletteMatches();
    if (key === 'Up' || key === 'Down' || key === 'Tab') {
      const index = input.index + (key === 'Up' ? -1 : 1);
      this.#shown.input = { ...input, index: Math.max(0, Math.min(found.length - 1, index)) };
    } else if (key === 'Enter') {
      this.#shown.input = null;
      const chosen = found[input.index];
      if (chosen) this.#chosen(chosen);
      else this.#shown.message = `nothing is called "${input.text}"`;
    } else {
      const text = editText(input.text, key);
      if (text !== null) this.#shown.input = { ...input, text, index: 0 };
    }
  }
}
