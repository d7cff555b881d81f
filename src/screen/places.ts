import { problems } from '../fleet/problems.ts';
import type { Noun } from '../model/entity.ts';
import type { Cursor } from './cursor.ts';
import type { Deeds } from './deeds.ts';
import { detailsDoc } from './doc.ts';
import { PANES, type PaneName } from './layout.ts';
import { FIRST_LISTED, type Listed, newPane, PANE_TITLES, type PaneState, paneOf } from './pane.ts';
import type { Shown } from './shown.ts';

/** Where one is: which pane has the keys, what each lists, and the ways from one to another. */
export class Places {
  readonly #shown: Shown;
  readonly #cursor: Cursor;
  /** Panes as they were left, by what they listed then. */
  readonly #left = new Map<Listed, PaneState>();
  #roomFor: { name: PaneName; pane: PaneState; namespace: string | null; id: string } | null = null;

  constructor(shown: Shown, cursor: Cursor) {
    this.#shown = shown;
    this.#cursor = cursor;
  }

  readonly deeds = {
    'pane-1': () => this.#focusOn('nodes'),
    'pane-2': () => this.#focusOn('services'),
    'pane-3': () => this.#focusOn('pools'),
    'pane-4': () => this.#focusOn('cephfs'),
    'pane-5': () => this.#focusOn('events'),
    'next-pane': () => this.#focusBy(1),
    'previous-pane': () => this.#focusBy(PANES.length - 1),
    zoom: () => {
      this.#shown.zoomed = !this.#shown.zoomed;
    },
    'next-problem': () => this.#nextProblem(),
    pods: () => this.show(this.#shown.panes.services.listed === 'replica' ? 'workload' : 'replica'),
    'all-namespaces': () => this.#toggleNamespace(),
    events: () => this.#eventsOf(),
  } satisfies Deeds;

  /** Lists a kind in the pane where it is at home. */
  show(listed: Listed): void {
    this.#shown.uncover();
    const name = paneOf(listed);
    this.#shown.focus = name;
    const pane = this.#shown.panes[name];
    if (pane.listed !== listed || pane.within) this.#turn(name, listed);
  }

  /** Lists the replicas of a workload only. */
  enter({ id, name }: Noun): void {
    this.#turn('services', 'replica', { ...newPane('replica'), within: { id, name } });
  }

  /** One step back to what the pane shows at first. */
  back(): void {
    const shown = this.#shown;
    const { within, filter, listed, marks, sort } = shown.pane;
    if (filter) shown.change({ filter: '' });
    else if (within) this.#turn('services', 'workload', { cursor: within.id });
    else if (listed !== FIRST_LISTED[shown.focus]) this.#turn(shown.focus, FIRST_LISTED[shown.focus]);
    else if (sort) shown.change({ sort: null });
    else if (marks.size > 0) shown.change({ marks: new Set() });
    else if (shown.zoomed) shown.zoomed = false;
  }

  /** Puts the cursor on the row of a noun, in whatever pane. True: filter, list or namespace had to make room. */
  goTo({ id, kind, name }: Noun): boolean {
    const shown = this.#shown;
    shown.uncover();
    shown.focus = paneOf(kind);
    const [before, namespace] = [shown.pane, shown.namespace];
    if (before.listed !== kind || before.within) this.#turn(shown.focus, kind);
    if (!this.#has(id)) shown.change({ filter: '' });
    if (!this.#has(id)) shown.namespace = null;
    const made = shown.pane !== before || shown.namespace !== namespace;
    if (this.#has(id)) this.#cursor.moveTo(shown.focus, id);
    else shown.docs.push(detailsDoc(id, name, shown.context));
    return made;
  }

  #has(id: string): boolean {
    return this.#shown.list(this.#shown.focus).lineOf(id) >= 0;
  }

  /** Lists a kind in a pane as it was left there: filter, order, marks and cursor. */
  #turn(name: PaneName, listed: Listed, change: Partial<PaneState> = {}): void {
    const { panes } = this.#shown;
    const pane = panes[name];
    if (!pane.within) this.#left.set(pane.listed, pane);
    panes[name] = { ...(this.#left.get(listed) ?? newPane(listed)), ...change };
  }

  #focusBy(step: number): void {
    const { topLog, options } = this.#shown;
    if (topLog) this.#shown.message = `a log is open: ${options.keys.nameOf('back')} closes it`;
    else this.#focusOn(PANES[(PANES.indexOf(this.#shown.focus) + step) % PANES.length]!);
  }

  #focusOn(name: PaneName): void {
    this.#shown.uncover();
    this.#shown.focus = name;
    // Without a frame nothing else names the pane.
    if (this.#shown.layout().bare) this.#shown.message = `${PANES.indexOf(name) + 1} ${PANE_TITLES[name]}`;
  }

  /** Panes and namespace that had to make room for a problem come back when the next one is looked for. */
  #nextProblem(): void {
    const shown = this.#shown;
    const all = problems(shown.options.fleet);
    const at = all.findIndex(({ id }) => id === shown.pane.cursor);
    const next = all[(at + 1) % all.length];
    if (!next) {
      shown.message = 'nothing that is known is not well';
      return;
    }
    this.#makeRoomAgain();
    const name = paneOf(next.kind);
    const before = { name, pane: shown.panes[name], namespace: shown.namespace };
    const made = this.goTo(next);
    this.#roomFor = made ? { ...before, id: next.id } : null;
    shown.message = `${at + 2 > all.length ? 1 : at + 2} of ${all.length} not well`;
  }

  #makeRoomAgain(): void {
    const room = this.#roomFor;
    // Whoever has moved on from there has made the pane theirs.
    if (!room || this.#shown.panes[room.name].cursor !== room.id) return;
    this.#shown.panes[room.name] = room.pane;
    this.#shown.namespace = room.namespace;
  }

  #toggleNamespace(): void {
    const shown = this.#shown;
    if (shown.namespace !== null) {
      shown.namespace = null;
      return;
    }
    const noun = shown.selected();
    const here = noun && 'namespace' in noun && !('system' in noun && noun.system === 'swarm') ? noun.namespace : null;
    shown.namespace = shown.options.namespace ?? here ?? null;
    if (shown.namespace === null) shown.message = 'all namespaces are shown; on a row of one, this shows it alone';
  }

  #eventsOf(): void {
    const noun = this.#shown.selected();
    this.#focusOn('events');
    if (noun && 'kind' in noun) {
      this.#shown.change({ filter: noun.name.includes(' ') ? `"${noun.name}"` : noun.name });
    }
  }
}
