import type { Deeds } from './deeds.ts';
import type { PaneName } from './layout.ts';
import { rowFrom } from './list.ts';
import { cursorIndex, type Shown } from './shown.ts';

/** The cursor: in the pane that has the keys, in the text that lies over it, or in the log. */
export class Cursor {
  readonly #shown: Shown;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  readonly deeds = {
    up: () => this.move(-1),
    down: () => this.move(1),
    'page-up': () => this.move(-this.#page()),
    'page-down': () => this.move(this.#page()),
    top: () => this.move(Number.NEGATIVE_INFINITY),
    bottom: () => this.move(Number.POSITIVE_INFINITY),
  } satisfies Deeds;

  /** So many rows or lines on; infinities for the ends. */
  move(by: number): void {
    const shown = this.#shown;
    if (shown.topLog) return shown.topLog.move(by);
    const doc = shown.docs.at(-1);
    if (doc) {
      doc.line = Math.max(0, Math.min(shown.docLines(doc).length - 1, doc.line + by));
      return;
    }
    const list = shown.list(shown.focus);
    const line = rowFrom(list, cursorIndex(shown.pane, list), by);
    const [row] = list.slice(line, line + 1);
    if (row) this.moveTo(shown.focus, row.id);
  }

  /** To the row of that id, where the pane shows it. */
  moveTo(name: PaneName, id: string): void {
    const { panes } = this.#shown;
    const index = this.#shown.list(name).lineOf(id);
    if (index >= 0) panes[name] = { ...panes[name], cursor: id, index };
  }

  /** To the row that stands at a place on the screen. */
  moveToPlace(column: number, row: number): void {
    const pane = this.#shown.paneAt(column, row);
    if (!pane) return;
    this.#shown.focus = pane.name;
    const { rows, above } = this.#shown.inside(pane.name, pane.rect.height);
    const { lines } = this.#shown.window(pane.name, rows);
    const line = lines[row - pane.rect.top - above];
    if (line) this.moveTo(pane.name, line.id);
  }

  #page(): number {
    const { topLog, focus, docs } = this.#shown;
    if (topLog) return topLog.page();
    const { panes, overlay } = this.#shown.layout();
    const pane = panes[focus];
    const rows = docs.length > 0 || !pane ? overlay.height - 2 : this.#shown.inside(focus, pane.height).rows;
    return Math.max(1, rows - 1);
  }
}
