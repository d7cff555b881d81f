import type { Column } from './columns/column.ts';
import { TABLES } from './columns/tables.ts';
import type { Cursor } from './cursor.ts';
import type { Deeds } from './deeds.ts';
import type { Shown } from './shown.ts';

/** How the rows of the pane stand: in which order, which of them are marked, and whether the feed goes on. */
export class Arranging {
  readonly #shown: Shown;
  readonly #cursor: Cursor;

  constructor(shown: Shown, cursor: Cursor) {
    this.#shown = shown;
    this.#cursor = cursor;
  }

  readonly deeds = {
    mark: () => this.#mark(),
    'unmark-all': () => this.#shown.change({ marks: new Set() }),
    sort: () => this.#sort(),
    reverse: () => this.#reverse(),
    pause: () => {
      this.#shown.held = this.#shown.paused ? null : this.#shown.options.fleet.feed.all();
    },
  } satisfies Deeds;

  #mark(): void {
    const noun = this.#shown.selected();
    if (!noun || !('kind' in noun)) return;
    const marks = new Set(this.#shown.pane.marks);
    if (!marks.delete(noun.id)) marks.add(noun.id);
    this.#shown.change({ marks });
    this.#cursor.move(1);
  }

  /** Health first, then each column in turn, then health again. */
  #sort(): void {
    const { listed, sort } = this.#shown.pane;
    if (listed === 'event') {
      this.#shown.message = 'events stand in the order in which they happened';
      return;
    }
    const titles = (TABLES[listed] as readonly Column<never>[]).flatMap(({ title, picture }) =>
      picture ? [] : [title],
    );
    const next = titles[sort ? titles.indexOf(sort.title) + 1 : 0];
    this.#shown.change({ sort: next === undefined ? null : { title: next, reversed: false } });
  }

  #reverse(): void {
    const { sort } = this.#shown.pane;
    if (sort) this.#shown.change({ sort: { ...sort, reversed: !sort.reversed } });
    else this.#shown.message = 'sorted by health; choose a column first';
  }
}
