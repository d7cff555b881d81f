import type { Book } from '../checklists/book.ts';
import { parseFilter } from '../filter/filter.ts';
import { fieldContext } from '../fleet/field-context.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { KeyMap, Part } from '../keys/table.ts';
import { KINDS, type Kind, type Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { Trends } from '../trends/trends.ts';
import { actedUpon } from './acted-upon.ts';
import { Chart } from './chart-doc.ts';
import type { ColumnContext } from './columns/column.ts';
import type { Doc } from './doc.ts';
import { type DocLine, wrapped } from './document.ts';
import { type HeadLine, headLines } from './head-lines.ts';
import { type Layout, layout, PANES, type PaneName, type Rect } from './layout.ts';
import { eventList, type Line, type List, rowFrom } from './list.ts';
import type { LogView } from './log-view.ts';
import { NounList } from './noun-list.ts';
import { nounsNamed } from './nouns-named.ts';
import { type Command, commands, matching } from './palette.ts';
import { FIRST_LISTED, newPane, type PaneState } from './pane.ts';

export interface ShownOptions {
  fleet: Fleet;
  /** What was and will be of its numbers; none where no past is kept. */
  trends?: Trends;
  /** That past was made up in part, as the embedded platform's is. */
  madeUpPast?: boolean;
  checklists?: Book | undefined;
  keys: KeyMap;
  /** The namespace that is shown first; null for all. */
  namespace: string | null;
  ascii: boolean;
  /** A line under the header, such as that this is the embedded platform. */
  banner: string | null;
  /** What the embedded platform can be told to do. */
  triggers: readonly string[];
}

/** What is being typed, and into what. */
export type Input =
  | { into: 'filter'; before: string }
  /** Words that are looked for in a text, from a line on. */
  | { into: 'find'; from: number }
  | { into: 'palette' | 'actions'; text: string; index: number }
  /** A sentence that something was asked for. */
  | { into: 'note'; ask: string; text: string; take(text: string): void };

/** A part of a list that fits a height, with the cursor in sight. */
export interface Window {
  lines: Line[];
  /** Index of the cursor's line among them; -1 when there is none. */
  cursor: number;
  top: number;
  list: List;
}

/** What stands in a pane beside its list. */
export interface Inside {
  framed: boolean;
  head: HeadLine[];
  /** Lines of the column titles. */
  titled: number;
  /** Lines that the list has. */
  rows: number;
  /** Lines from the pane's upper edge to its first row. */
  above: number;
}

/** What the screen shows: its state, and all that follows from it. Only keys change it (screen.ts and the parts that it is made of). */
export class Shown {
  readonly options: ShownOptions;
  readonly #lists = new Map<PaneName, { key: string; list: NounList }>();
  readonly #feeds = new Map<PaneName, { key: string; list: List }>();
  readonly #commands: Command[];
  size = { columns: 80, rows: 24 };
  focus: PaneName = 'services';
  zoomed = false;
  panes = Object.fromEntries(PANES.map(pane => [pane, newPane(FIRST_LISTED[pane])])) as Record<PaneName, PaneState>;
  namespace: string | null;
  input: Input | null = null;
  docs: Doc[] = [];
  /** What was looked for last in a text. */
  sought = '';
  /** A log that is open, whose it is, and how many texts lie under it. */
  log: { view: LogView; of: readonly Noun[]; over: number } | null = null;
  /** The feed as it stood when it was paused. */
  held: FeedEvent[] | null = null;
  /** What `a` is to offer instead of all that can be done to what is under the cursor. */
  offered: Command[] | null = null;
  /** A sentence for the footer, until the next key. */
  message: string | null = null;

  constructor(options: ShownOptions) {
    this.options = options;
    this.namespace = options.namespace;
    this.#commands = commands(options.keys, options.triggers);
  }

  /** The part of the program that has the keys. */
  get part(): Part {
    if (this.topLog) return 'log';
    const doc = this.docs.at(-1);
    return doc instanceof Chart ? 'chart' : doc ? (doc.part ?? 'text') : 'list';
  }

  /** The log, where nothing lies over it. */
  get topLog(): LogView | null {
    return this.log && this.docs.length <= this.log.over ? this.log.view : null;
  }

  /** The pane that has the keys. */
  get pane(): PaneState {
    return this.panes[this.focus];
  }

  /** Changes the pane that has the keys. */
  change(part: Partial<PaneState>): void {
    this.panes[this.focus] = { ...this.pane, ...part };
  }

  /** Closes all that lies over the panes. */
  uncover(): void {
    this.docs = [];
    this.closeLog();
  }

  closeLog(): void {
    this.log?.view.close();
    this.log = null;
  }

  get paused(): boolean {
    return this.held !== null;
  }

  context = (): ColumnContext => ({
    fleet: this.options.fleet,
    now: this.options.fleet.now(),
    ascii: this.options.ascii,
    trends: this.options.trends,
  });

  layout(): Layout {
    const { columns, rows } = this.size;
    return layout(columns, rows, { focus: this.focus, zoomed: this.zoomed, banner: this.options.banner !== null });
  }

  list(name: PaneName): List {
    const pane = this.panes[name];
    const { listed } = pane;
    return listed === 'event' ? this.#events(name, pane) : this.#nouns(name, pane, listed);
  }

  /**
   * The lines of a pane that fit, scrolled so that the cursor is among them. A pane where the keys do not go shows its
   * top: what is worst stands there, also what has just become so.
   */
  window(name: PaneName, height: number): Window {
    const pane = this.panes[name];
    const list = this.list(name);
    const cursor = cursorIndex(pane, list);
    const last = Math.max(0, list.height - height);
    // The reason under the row belongs to it: keep it in sight too.
    const below = list.slice(cursor + 1, cursor + 2)[0]?.type === 'note' ? 1 : 0;
    const scrolled = Math.min(last, Math.max(Math.min(pane.top, cursor), cursor + below - height + 1, 0));
    pane.top = name === this.focus ? wholeRow(list, scrolled, cursor) : 0;
    const lines = list.slice(pane.top, pane.top + height);
    const shown = cursor - pane.top;
    return { lines, cursor: shown < lines.length ? shown : -1, top: pane.top, list };
  }

  /** How the height of a pane is spent. */
  inside(name: PaneName, height: number): Inside {
    const { bare } = this.layout();
    const framed = !bare;
    const titled = framed ? 1 : 0;
    const room = Math.max(1, height - (framed ? 2 : 0) - titled);
    const head = headLines(this.panes[name], this.options.fleet).slice(0, Math.max(0, room - LEAST_ROWS));
    return { framed, titled, head, rows: room - head.length, above: (framed ? 1 : 0) + head.length + titled };
  }

  /** The noun or event under the cursor, or under the cursor of the text that is open. */
  selected(): Noun | FeedEvent | undefined {
    const doc = this.docs.at(-1);
    if (doc) {
      const line = this.docLines(doc)[doc.line];
      const unwatched = line?.noun ?? (line?.link === undefined ? doc.noun : undefined);
      if (unwatched) return unwatched;
      const id = line?.link ?? doc.about;
      return id === null
        ? undefined
        : (this.options.fleet.find(id) ?? this.options.fleet.feed.all().find(event => event.id === id));
    }
    const list = this.list(this.focus);
    const at = cursorIndex(this.panes[this.focus], list);
    const [line] = at < 0 ? [] : list.slice(at, at + 1);
    return line?.type === 'noun' ? line.noun : line?.type === 'event' ? line.event : undefined;
  }

  /** What keys act upon: whose log is open, what is marked in the pane, else what is under the cursor. */
  targets(): Noun[] {
    const { fleet } = this.options;
    if (this.topLog) return this.log?.of.flatMap(({ id }) => fleet.find(id) ?? []) ?? [];
    const marked = this.docs.length > 0 ? [] : [...this.pane.marks].flatMap(id => fleet.find(id) ?? []);
    const meant = marked.length > 0 ? marked : [this.selected()];
    return meant.flatMap(subject => (subject && actedUpon(subject, fleet)) ?? []);
  }

  /** Ids of what keys act upon although a filter or the namespace hides the mark. */
  hiddenTargets(): Set<string> {
    const { fleet } = this.options;
    if (this.topLog || this.docs.length > 0) return new Set();
    const list = this.list(this.focus);
    const hidden = [...this.pane.marks].filter(id => list.lineOf(id) < 0).flatMap(id => fleet.find(id) ?? []);
    return new Set(hidden.flatMap(noun => actedUpon(noun, fleet)?.id ?? []));
  }

  /** The lines of a text, long ones wrapped to what fits between the frames. */
  docLines(doc: Doc): DocLine[] {
    return wrapped(doc.lines(), this.textColumns);
  }

  /** Lines that a text has before it scrolls. */
  get textRows(): number {
    const { bare, overlay } = this.layout();
    return overlay.height - (bare ? 1 : 2);
  }

  /** Columns that a line of a text has. */
  get textColumns(): number {
    return this.size.columns - ARROW - (this.layout().bare ? 0 : 2);
  }

  paletteMatches(): Command[] {
    if (this.input?.into === 'actions') return matching(this.offered ?? this.actionCommands(), this.input.text);
    if (this.input?.into !== 'palette') return [];
    const { text } = this.input;
    const kinds = this.objectCommands(new Set(this.#commands.map(({ name }) => name)));
    return [...matching([...this.#commands, ...kinds], text), ...nounsNamed(this.options.fleet, text)];
  }

  /** The kinds of objects that can be listed beside what is watched, without these names. */
  protected objectCommands(_taken: ReadonlySet<string>): Command[] {
    return [];
  }

  /** What `a` offers; only the screen that can act has any. */
  protected actionCommands(): Command[] {
    return [];
  }

  /** The kinds that are on the screen: what the sources have to keep fresh. */
  attended(): Set<Kind> {
    const { panes, summaries } = this.layout();
    // A checklist looks at everything.
    if (this.docs.some(({ part }) => part === 'checklist')) return new Set(KINDS);
    const kinds = new Set<Kind>(['node', 'workload', 'replica', 'pool', 'storage']);
    for (const name of [...Object.keys(panes), ...Object.keys(summaries)] as PaneName[]) {
      const { listed } = this.panes[name];
      if (listed !== 'event') kinds.add(listed);
    }
    return kinds;
  }

  /** The pane, open or as a line, at a place on the screen. */
  paneAt(column: number, row: number): { name: PaneName; rect: Rect } | undefined {
    const { panes, summaries } = this.layout();
    const all = Object.entries({ ...summaries, ...panes }) as [PaneName, Rect][];
    const found = all.find(
      ([, { left, top, width, height }]) => column >= left && column < left + width && row >= top && row < top + height,
    );
    return found && { name: found[0], rect: found[1] };
  }

  #nouns(name: PaneName, { within, filter, sort }: PaneState, kind: Kind): List {
    const key = JSON.stringify([kind, within?.id, sort]);
    let known = this.#lists.get(name);
    if (known?.key === key) known.list.refresh();
    else {
      const fields = fieldContext(this.options.fleet);
      known = { key, list: new NounList({ kind, pane: { within, sort }, context: this.context, fields }) };
      this.#lists.set(name, known);
    }
    known.list.sift({ filter, namespace: this.namespace });
    return known.list;
  }

  #events(name: PaneName, { filter }: PaneState): List {
    const { fleet } = this.options;
    const key = JSON.stringify(['event', fleet.version('events'), filter, this.paused]);
    const known = this.#feeds.get(name);
    if (known?.key === key) return known.list;
    const list = eventList(this.held ?? fleet.feed.all(), parseFilter(filter, fieldContext(fleet)));
    this.#feeds.set(name, { key, list });
    return list;
  }
}

/** Columns of the arrow before a link. */
const ARROW = 2;
/** Lines of a list that the lines over it leave to it, when there are as many. */
const LEAST_ROWS = 3;

/** The line under the cursor; -1 in an empty list. */
export function cursorIndex({ cursor, index }: PaneState, list: List): number {
  const found = cursor === null ? -1 : list.lineOf(cursor);
  if (found >= 0) return found;
  // Its row is gone: what stands in its place now, or the last row.
  return rowFrom(list, Math.min(index + 1, list.height), -1);
}

/** A reason is not shown without its row: the first line is a row, where that leaves the cursor in sight. */
function wholeRow(list: List, top: number, cursor: number): number {
  const notes = list.slice(top, cursor + 1).findIndex(({ type }) => type !== 'note');
  return top + Math.max(0, notes);
}
