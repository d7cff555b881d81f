import type { Gateway } from '../actions/gateway.ts';
import { groupsOf } from '../actions/groups.ts';
import { restart } from '../actions/verbs/restart.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { problems } from '../fleet/problems.ts';
import { type Action, PART_TITLES } from '../keys/table.ts';
import type { Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import { printable } from '../model/printable.ts';
import { Acting } from './acting.ts';
import type { Column } from './columns/column.ts';
import { TABLES } from './columns/tables.ts';
import { type Doc, detailsDoc, newDoc, rawDoc, whyDoc } from './doc.ts';
import { editText } from './edit-text.ts';
import { forwardsDoc } from './forwards-doc.ts';
import { Glance } from './glance.ts';
import { help } from './help.ts';
import { journalDoc } from './journal-doc.ts';
import { PANES, type PaneName } from './layout.ts';
import { rowFrom } from './list.ts';
import { LogView } from './log-view.ts';
import { actionCommands, type Command, groupCommands } from './palette.ts';
import { FIRST_LISTED, type Listed, newPane, PANE_TITLES, type PaneState, paneOf } from './pane.ts';
import { cursorIndex, type Input, Shown, type ShownOptions } from './shown.ts';

export interface ScreenOptions extends ShownOptions {
  /** The one way to change anything. */
  gateway: Gateway;
  on: {
    quit(): void;
    /** Calls back when what is to be drawn now has reached the terminal. */
    drawn(callback: () => void): void;
    /** False where no shell is there to continue the program. */
    suspend(): boolean;
    redraw(): void;
    mouse(on: boolean): void;
    /** Puts a text into the clipboard of the operator's terminal. */
    copy(text: string): void;
    /** Resolves with why it cannot be, or null. */
    trigger(name: string): Promise<string | null>;
  };
}

/**
 * Everything that keys do to what is shown. It knows no React and no terminal: keys go in by name, views read what is to
 * be drawn and listen.
 */
export class Screen extends Shown {
  declare readonly options: ScreenOptions;
  readonly #fleet: Fleet;
  readonly acting: Acting;
  readonly #listeners = new Set<() => void>();
  message: string | null = null;
  mouse = true;
  version = 0;
  readonly #glance = new Glance({
    lines: doc => this.docLines(doc),
    tell: message => this.tell(message),
    changed: () => this.#changed(),
  });
  /** Panes as they were left, by what they listed then. */
  readonly #left = new Map<Listed, PaneState>();
  /** Whose log is open. */
  #logOf: readonly Noun[] = [];
  #quitArmed = false;
  #leaving = false;
  #roomFor: { name: PaneName; pane: PaneState; namespace: string | null; id: string } | null = null;

  constructor(options: ScreenOptions) {
    super(options);
    this.#fleet = options.fleet;
    const { gateway, on } = options;
    const changed = () => this.#changed();
    this.acting = new Acting({
      gateway,
      changed,
      drawn: on.drawn,
      tell: message => this.tell(message),
      undoKey: options.keys.nameOf('undo'),
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    this.#glance.follow();
    this.#changed();
  }

  /** A key by name, as the table writes it: `j`, `Enter`, `Ctrl+l`. */
  press(key: string): void {
    if (key === 'Ctrl+c') return this.#interrupt();
    this.#quitArmed = false;
    this.message = null;
    if (key !== this.options.keys.nameOf('quit')) this.#leaving = false;
    this.#glance.goOn();
    if (key === 'Ctrl+z') this.#suspend();
    else if (this.acting.dialog) this.acting.dialog.press(key);
    else if (this.input) this.#type(this.input, key);
    else if (this.topLog?.input) this.topLog.type(key);
    else {
      const action = this.options.keys.action(key, this.part);
      if (action) this.run(action);
      else this.message = `${key} does nothing here (${this.options.keys.nameOf('help')} shows the keys)`;
    }
    this.#changed();
  }

  /** Text that was pasted: it goes where text is typed, and nowhere else. */
  paste(text: string): void {
    const line = printable(text.replace(/[\r\n\t]+/g, ' '));
    if (this.acting.dialog) this.acting.dialog.paste(text);
    else if (this.topLog?.input) this.topLog.paste(line);
    else if (this.input?.into === 'filter') this.#setFilter(this.#pane().filter + line);
    else if (this.input?.into === 'find') this.sought += line;
    else if (this.input) this.input = { ...this.input, text: this.input.text + line, index: 0 };
    else this.message = 'a paste does nothing here';
    this.#changed();
  }

  click(column: number, row: number): void {
    const pane = this.paneAt(column, row);
    if (!pane || this.docs.length > 0 || this.acting.dialog) return;
    this.focus = pane.name;
    const { rows, above } = this.inside(pane.name, pane.rect.height);
    const { lines } = this.window(pane.name, rows);
    const line = lines[row - pane.rect.top - above];
    if (line) this.#moveTo(pane.name, line.id);
    this.#changed();
  }

  wheel(column: number, row: number, by: number): void {
    if (this.acting.dialog) return;
    if (this.docs.length === 0) this.focus = this.paneAt(column, row)?.name ?? this.focus;
    this.#move(by);
    this.#changed();
  }

  /** A sentence for the footer, until the next key. */
  tell(message: string): void {
    this.message = message;
    this.#changed();
  }

  run(action: Action): void {
    switch (action) {
      case 'up':
        return this.#move(-1);
      case 'down':
        return this.#move(1);
      case 'page-up':
        return this.#move(-this.#page());
      case 'page-down':
        return this.#move(this.#page());
      case 'top':
        return this.#move(Number.NEGATIVE_INFINITY);
      case 'bottom':
        return this.#move(Number.POSITIVE_INFINITY);
      case 'open':
        return this.#open();
      case 'back':
        return this.#back();
      case 'pane-1':
      case 'pane-2':
      case 'pane-3':
      case 'pane-4':
      case 'pane-5':
        return this.#focusOn(PANES[Number(action.at(-1)) - 1]!);
      case 'next-pane':
      case 'previous-pane': {
        const step = action === 'next-pane' ? 1 : PANES.length - 1;
        return this.#focusOn(PANES[(PANES.indexOf(this.focus) + step) % PANES.length]!);
      }
      case 'zoom':
        this.zoomed = !this.zoomed;
        return;
      case 'find':
        this.sought = '';
        this.input = { into: 'find', from: this.docs.at(-1)?.line ?? 0 };
        return;
      case 'find-next':
      case 'find-before':
        return this.#findOn(action === 'find-next' ? 1 : -1);
      case 'filter':
        this.input = { into: 'filter', before: this.#pane().filter };
        return;
      case 'palette':
        this.input = { into: 'palette', text: '', index: 0 };
        return;
      case 'help':
        return this.#help();
      case 'mark':
        return this.#mark();
      case 'unmark-all':
        return this.#setPane({ marks: new Set() });
      case 'sort':
        return this.#sort();
      case 'reverse': {
        const { sort } = this.#pane();
        if (sort) return this.#setPane({ sort: { ...sort, reversed: !sort.reversed } });
        this.message = 'sorted by health; choose a column first';
        return;
      }
      case 'describe':
        return this.#tell(({ id }, name) => detailsDoc(id, name, this.context));
      case 'why':
        return this.#tell(({ id }, name) => whyDoc(id, name, this.context));
      case 'raw':
        return this.#tell(subject => rawDoc(subject, this.context(), () => this.#changed()));
      case 'reveal':
        return this.#reveal();
      case 'next-problem':
        return this.#nextProblem();
      case 'pods':
        return this.show(this.panes.services.listed === 'replica' ? 'workload' : 'replica');
      case 'all-namespaces':
        return this.#toggleNamespace();
      case 'events':
        return this.#eventsOf();
      case 'pause':
        this.held = this.paused ? null : this.#fleet.feed.all();
        return;
      case 'mouse':
        this.mouse = !this.mouse;
        this.message = this.mouse ? 'mouse on' : 'mouse off: the terminal selects text';
        return this.options.on.mouse(this.mouse);
      case 'redraw':
        return this.options.on.redraw();
      case 'logs':
      case 'previous-logs':
        return this.#openLog(action === 'previous-logs');
      case 'log-search':
      case 'log-next':
      case 'log-before':
      case 'log-filter':
      case 'log-error':
      case 'log-error-before':
      case 'log-follow':
      case 'log-wrap':
      case 'log-stamps':
      case 'log-fold':
      case 'log-save':
      case 'log-copy':
        return this.topLog?.run(action);
      case 'scale':
      case 'restart':
      case 'rollback':
      case 'exec':
      case 'port-forward':
        return this.acting.open(action, this.#targets());
      case 'actions':
        if (this.actionCommands().length === 0) this.message = this.#nothingToDo();
        else this.input = { into: 'actions', text: '', index: 0 };
        return;
      case 'node-menu':
        if (this.#targets().some(({ kind }) => kind === 'node')) return this.run('actions');
        this.message = `no node is under the cursor: ${this.options.keys.nameOf('pane-1')} goes to the nodes`;
        return;
      case 'undo':
        return this.acting.undo(({ intent }) => this.#fleet.get(intent.target.kind, intent.target.id));
      case 'journal':
        this.docs.push(journalDoc(this.acting.gateway));
        return;
      case 'edit':
        return void this.acting.edit(this.#targets());
      case 'forwards':
        this.docs.push(forwardsDoc(this.acting.gateway, this.options.keys.nameOf('port-forward')));
        return;
      case 'quit':
        return this.#quit();
    }
  }

  #nothingToDo(): string {
    const [noun] = this.#targets();
    return noun
      ? `nothing can be done to a ${noun.kind} from here; i says why it is not well, and what it stands on`
      : 'nothing under the cursor that anything could be done to';
  }

  /** Asked once more while something is under way. */
  #quit(): void {
    const { running, background } = this.acting.gateway;
    const length = running.length - background.length;
    if (running.length === 0 || this.#leaving) return this.options.on.quit();
    this.#leaving = true;
    const forwarded = background.length === 1 ? 'a port is forwarded' : `${background.length} ports are forwarded`;
    const actions = `${length === 1 ? 'an action is' : `${length} actions are`} still running`;
    this.message =
      length === 0
        ? `${forwarded}: once more quits and ends ${background.length === 1 ? 'it' : 'them'}`
        : `${actions}${background.length > 0 ? `, and ${forwarded}` : ''}: once more quits, and the journal then says unknown`;
  }

  protected override actionCommands(): Command[] {
    const [first, ...others] = this.#targets();
    if (!first) return [];
    const { gateway } = this.acting;
    const shared = gateway.verbsFor(first).map(({ verb, unfit }) => ({
      verb,
      unfit: unfit ?? others.map(noun => verb.unfit(noun)).find(why => why !== null) ?? null,
    }));
    const groups = others.length === 0 ? groupsOf(gateway.groups, first, this.#fleet) : [];
    return [...actionCommands(shared), ...groupCommands(restart, groups)];
  }

  #openLog(previous: boolean): void {
    const nouns = this.#targets();
    const without = nouns.find(({ kind }) => kind !== 'replica' && kind !== 'workload');
    if (nouns.length === 0) this.message = 'nothing under the cursor that writes a log';
    else if (without) this.message = `a ${without.kind} writes no log of its own`;
    else {
      this.log?.view.close();
      const changed = () => this.#changed();
      const view = new LogView({ fleet: this.#fleet, nouns, previous, changed, copy: this.options.on.copy });
      this.log = { view, over: this.docs.length };
      this.#logOf = nouns;
    }
  }

  /** What is marked in the pane, else what is under the cursor. */
  #targets(): Noun[] {
    if (this.topLog) return this.#logOf.flatMap(({ id }) => this.#fleet.find(id) ?? []);
    const { marks } = this.#pane();
    const marked = this.docs.length > 0 ? [] : [...marks].flatMap(id => this.#fleet.find(id) ?? []);
    if (marked.length > 0) return marked;
    const noun = this.selected();
    return noun && 'kind' in noun ? [noun] : [];
  }

  /** Lists a kind in the pane where it is at home. */
  show(listed: Listed): void {
    this.docs = [];
    const name = paneOf(listed);
    this.focus = name;
    if (this.panes[name].listed !== listed || this.panes[name].within) this.#turn(name, listed);
  }

  /** Lists a kind in a pane as it was left there: filter, order, marks and cursor. */
  #turn(name: PaneName, listed: Listed, change: Partial<PaneState> = {}): void {
    const pane = this.panes[name];
    if (!pane.within) this.#left.set(pane.listed, pane);
    this.panes[name] = { ...(this.#left.get(listed) ?? newPane(listed)), ...change };
  }

  #pane(): PaneState {
    return this.panes[this.focus];
  }

  #setPane(change: Partial<PaneState>): void {
    this.panes[this.focus] = { ...this.#pane(), ...change };
  }

  #changed(): void {
    this.#glance.keepTo(this.input || this.acting.dialog ? undefined : this.docs.at(-1));
    this.version++;
    for (const listener of this.#listeners) listener();
  }

  #interrupt(): void {
    if (this.acting.dialog) this.acting.dialog.press('Esc');
    else if (this.topLog?.input) this.topLog.type('Esc');
    else if (this.input || this.topLog || this.docs.length > 0) this.#back();
    else if (this.#quitArmed) return this.options.on.quit();
    else {
      this.#quitArmed = true;
      this.message = 'Ctrl+C once more quits';
    }
    this.#changed();
  }

  #suspend(): void {
    this.#glance.end();
    if (!this.options.on.suspend()) this.message = 'not suspended: no shell is there to continue it';
  }

  #type(input: Input, key: string): void {
    if (key === 'Esc') {
      if (input.into === 'filter') this.#setFilter(input.before);
      this.input = null;
    } else if (input.into === 'filter') this.#typeFilter(key);
    else if (input.into === 'find') this.#typeFind(input.from, key);
    else this.#typePalette(input, key);
  }

  /** The first line from where one stood that has what is typed so far. */
  #typeFind(from: number, key: string): void {
    if (key === 'Enter') this.input = null;
    else {
      this.sought = editText(this.sought, key) ?? this.sought;
      this.#goToFound(from, 1);
    }
  }

  #findOn(step: 1 | -1): void {
    if (this.sought === '') this.message = 'nothing is looked for: / first';
    else this.#goToFound((this.docs.at(-1)?.line ?? 0) + step, step);
  }

  #goToFound(from: number, step: 1 | -1): void {
    const doc = this.docs.at(-1);
    if (!doc) return;
    const lines = this.docLines(doc);
    const wanted = this.sought.toLowerCase();
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      if (lines[at]?.text.toLowerCase().includes(wanted)) {
        doc.line = at;
        return;
      }
    }
    this.message = `"${this.sought}" is not ${step > 0 ? 'from here on' : 'before this'}`;
  }

  #typeFilter(key: string): void {
    if (key === 'Enter') this.input = null;
    else if (key === 'Up' || key === 'Down') this.#move(key === 'Up' ? -1 : 1);
    else this.#setFilter(editText(this.#pane().filter, key) ?? this.#pane().filter);
  }

  #setFilter(filter: string): void {
    this.#setPane({ filter });
  }

  #typePalette(input: Extract<Input, { text: string }>, key: string): void {
    const found = this.paletteMatches();
    if (key === 'Up' || key === 'Down' || key === 'Tab') {
      const index = input.index + (key === 'Up' ? -1 : 1);
      this.input = { ...input, index: Math.max(0, Math.min(found.length - 1, index)) };
    } else if (key === 'Enter') {
      this.input = null;
      const chosen = found[input.index];
      if (chosen) this.#runCommand(chosen);
      else this.message = `nothing is called "${input.text}"`;
    } else {
      const text = editText(input.text, key);
      if (text !== null) this.input = { ...input, text, index: 0 };
    }
  }

  #runCommand({ run }: Command): void {
    if ('action' in run) this.run(run.action);
    else if ('list' in run) this.show(run.list);
    else if ('noun' in run) this.#goTo(run.noun);
    else if ('verb' in run && run.verb.name === 'edit') void this.acting.edit(run.nouns ?? this.#targets());
    else if ('verb' in run) this.acting.open(run.verb, run.nouns ?? this.#targets());
    else {
      this.message = `told the embedded platform: ${run.trigger}`;
      void this.options.on.trigger(run.trigger).then(refusal => refusal && this.tell(`${run.trigger}: ${refusal}`));
    }
  }

  #focusOn(name: PaneName): void {
    this.docs = [];
    this.focus = name;
    // Without a frame nothing else names the pane.
    if (this.layout().bare) this.message = `${PANES.indexOf(name) + 1} ${PANE_TITLES[name]}`;
  }

  #page(): number {
    if (this.topLog) return this.topLog.page();
    const { panes, overlay } = this.layout();
    const pane = panes[this.focus];
    const rows = this.docs.length > 0 || !pane ? overlay.height - 2 : this.inside(this.focus, pane.height).rows;
    return Math.max(1, rows - 1);
  }

  #move(by: number): void {
    if (this.topLog) return this.topLog.move(by);
    const doc = this.docs.at(-1);
    if (doc) {
      doc.line = Math.max(0, Math.min(this.docLines(doc).length - 1, doc.line + by));
      return;
    }
    const list = this.list(this.focus);
    const line = rowFrom(list, cursorIndex(this.#pane(), list), by);
    const [row] = list.slice(line, line + 1);
    if (row) this.#moveTo(this.focus, row.id);
  }

  #moveTo(name: PaneName, id: string): void {
    const index = this.list(name).lineOf(id);
    if (index >= 0) this.panes[name] = { ...this.panes[name], cursor: id, index };
  }

  #open(): void {
    const noun = this.selected();
    const doc = this.docs.at(-1);
    const run = doc && this.docLines(doc)[doc.line]?.run;
    if (run) run();
    else if (this.docs.length === 0 && noun && 'kind' in noun && noun.kind === 'workload') {
      const { id, name } = noun;
      this.#turn('services', 'replica', { ...newPane('replica'), within: { id, name } });
    } else if (this.docs.length === 0 || this.#linked()) this.run('describe');
  }

  #linked(): boolean {
    const doc = this.docs.at(-1);
    return doc !== undefined && this.docLines(doc)[doc.line]?.link !== undefined;
  }

  #back(): void {
    if (this.input) {
      this.#type(this.input, 'Esc');
      return;
    }
    if (this.topLog) return this.#closeLog();
    if (this.#glance.end() || this.docs.pop()) return;
    const { within, filter, listed, marks, sort } = this.#pane();
    if (filter) this.#setFilter('');
    else if (within) this.#turn('services', 'workload', { cursor: within.id });
    else if (listed !== FIRST_LISTED[this.focus]) this.#turn(this.focus, FIRST_LISTED[this.focus]);
    else if (sort) this.#setPane({ sort: null });
    else if (marks.size > 0) this.#setPane({ marks: new Set() });
    else if (this.zoomed) this.zoomed = false;
  }

  #closeLog(): void {
    this.log?.view.close();
    this.log = null;
  }

  /** The keys, from those on that are of use where one comes from. */
  #help(): void {
    const { part } = this;
    const doc = newDoc('Help', null, () => help(this.options.keys, this.options.ascii));
    doc.line = this.docLines(doc).findIndex(({ text }) => text === PART_TITLES[part]);
    doc.top = doc.line;
    this.docs.push(doc);
  }

  #mark(): void {
    const noun = this.selected();
    if (!noun || !('kind' in noun)) return;
    const marks = new Set(this.#pane().marks);
    if (!marks.delete(noun.id)) marks.add(noun.id);
    this.#setPane({ marks });
    this.#move(1);
  }

  /** Health first, then each column in turn, then health again. */
  #sort(): void {
    const { listed, sort } = this.#pane();
    if (listed === 'event') {
      this.message = 'events stand in the order in which they happened';
      return;
    }
    const titles = (TABLES[listed] as readonly Column<never>[]).map(column => column.title).filter(Boolean);
    const next = titles[sort ? titles.indexOf(sort.title) + 1 : 0];
    this.#setPane({ sort: next === undefined ? null : { title: next, reversed: false } });
  }

  #tell(make: (subject: Noun | FeedEvent, name: string) => Doc): void {
    const subject = this.selected();
    const doc = subject && make(subject, 'kind' in subject ? subject.name : subject.subject);
    if (doc) this.docs.push(doc);
    else this.message = 'nothing under the cursor';
  }

  #reveal(): void {
    const doc = this.docs.at(-1);
    const raw = this.options.keys.nameOf('raw');
    this.message = doc?.reveal
      ? this.#glance.begin(doc)
      : `single values are shown in the raw object only: ${raw} opens it`;
  }

  /** Panes and namespace that had to make room for a problem come back when the next one is looked for. */
  #nextProblem(): void {
    const all = problems(this.#fleet);
    const at = all.findIndex(({ id }) => id === this.#pane().cursor);
    const next = all[(at + 1) % all.length];
    if (!next) {
      this.message = 'nothing that is known is not well';
      return;
    }
    this.#makeRoomAgain();
    const name = paneOf(next.kind);
    const before = { name, pane: this.panes[name], namespace: this.namespace };
    const made = this.#goTo(next);
    this.#roomFor = made ? { ...before, id: next.id } : null;
    this.message = `${at + 2 > all.length ? 1 : at + 2} of ${all.length} not well`;
  }

  /** Puts the cursor on the row of a noun, in whatever pane. True: filter, list or namespace had to make room. */
  #goTo({ id, kind, name }: Noun): boolean {
    this.docs = [];
    this.focus = paneOf(kind);
    const [before, namespace] = [this.#pane(), this.namespace];
    if (before.listed !== kind || before.within) this.#turn(this.focus, kind);
    if (!this.#has(id)) this.#setPane({ filter: '' });
    if (!this.#has(id)) this.namespace = null;
    const made = this.#pane() !== before || this.namespace !== namespace;
    if (this.#has(id)) this.#moveTo(this.focus, id);
    else this.docs.push(detailsDoc(id, name, this.context));
    return made;
  }

  #makeRoomAgain(): void {
    const room = this.#roomFor;
    // Whoever has moved on from there has made the pane theirs.
    if (!room || this.panes[room.name].cursor !== room.id) return;
    this.panes[room.name] = room.pane;
    this.namespace = room.namespace;
  }

  #has(id: string): boolean {
    return this.list(this.focus).lineOf(id) >= 0;
  }

  #toggleNamespace(): void {
    if (this.namespace !== null) {
      this.namespace = null;
      return;
    }
    const noun = this.selected();
    const here = noun && 'namespace' in noun && !('system' in noun && noun.system === 'swarm') ? noun.namespace : null;
    this.namespace = this.options.namespace ?? here ?? null;
    if (this.namespace === null) this.message = 'all namespaces are shown; on a row of one, this shows it alone';
  }

  #eventsOf(): void {
    const noun = this.selected();
    this.#focusOn('events');
    if (noun && 'kind' in noun) this.#setFilter(noun.name.includes(' ') ? `"${noun.name}"` : noun.name);
  }
}
