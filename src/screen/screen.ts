import type { Gateway } from '../actions/gateway.ts';
import { groupsOf } from '../actions/groups.ts';
import { targetOf } from '../actions/undo.ts';
import type { Verb } from '../actions/verb.ts';
import { restart } from '../actions/verbs/restart.ts';
import { verbNamed } from '../actions/verbs.ts';
import type { Action, LogAction } from '../keys/table.ts';
import type { Kind, Noun } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { withArticle } from '../text/article.ts';
import { Acting } from './acting.ts';
import { Arranging } from './arranging.ts';
import { Checking } from './checking.ts';
import { Cursor } from './cursor.ts';
import { Finding } from './finding.ts';
import { Leaving } from './leaving.ts';
import { LogView } from './log-view.ts';
import { ObjectKinds } from './object-kinds.ts';
import { actionCommands, type Command, groupCommands } from './palette.ts';
import type { Listed } from './pane.ts';
import { Places } from './places.ts';
import { Shown, type ShownOptions } from './shown.ts';
import { Texts } from './texts.ts';
import { Typing } from './typing.ts';

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
 * Everything that keys do to what is shown: what each runs, and to which part of the screen it goes. It knows no React
 * and no terminal: keys go in by name, views read what is to be drawn and listen.
 */
export class Screen extends Shown {
  declare readonly options: ScreenOptions;
  readonly acting: Acting;
  readonly #listeners = new Set<() => void>();
  mouse = true;
  version = 0;
  readonly #cursor = new Cursor(this);
  readonly #finding = new Finding(this);
  readonly #places = new Places(this, this.#cursor);
  readonly #arranging = new Arranging(this, this.#cursor);
  readonly #typing = new Typing(this, this.#cursor, this.#finding, command => this.#runCommand(command));
  readonly #texts: Texts;
  readonly #objects: ObjectKinds;
  readonly #checking: Checking;
  readonly #leaving: Leaving;
  readonly #deeds: Record<Exclude<Action, LogAction>, () => void>;

  constructor(options: ScreenOptions) {
    super(options);
    const { gateway, on, keys } = options;
    const changed = () => this.#changed();
    const tell = (message: string) => this.tell(message);
    this.acting = new Acting({
      gateway,
      changed,
      drawn: on.drawn,
      tell,
      find: target => targetOf(target, options.fleet),
      keys: { undo: keys.nameOf('undo'), journal: keys.nameOf('journal') },
    });
    options.trends?.subscribe(changed);
    this.#objects = new ObjectKinds(options.fleet, changed);
    this.#texts = new Texts(this, { gateway, changed, tell, goOn: cut => this.acting.goOn(cut) });
    this.#checking = new Checking(this, {
      book: options.checklists,
      acting: this.acting,
      places: this.#places,
      changed,
      tell,
      copy: on.copy,
    });
    this.#leaving = new Leaving(this, gateway, on.quit);
    this.#deeds = {
      ...this.#cursor.deeds,
      ...this.#finding.deeds,
      ...this.#places.deeds,
      ...this.#arranging.deeds,
      ...this.#typing.deeds,
      ...this.#texts.deeds,
      ...this.#checking.deeds,
      ...this.#leaving.deeds,
      palette: () => {
        this.#objects.look();
        this.#typing.deeds.palette();
      },
      open: () => this.#open(),
      back: () => this.#back(),
      logs: () => this.#openLog(false),
      'previous-logs': () => this.#openLog(true),
      scale: () => this.#act('scale'),
      restart: () => this.#act('restart'),
      rollback: () => this.#act('rollback'),
      exec: () => this.#act('exec'),
      'port-forward': () => this.#act('port-forward'),
      edit: () => void this.acting.edit(this.targets()),
      undo: () => this.acting.undo(),
      actions: () => this.#offerActions(),
      'node-menu': () => this.#offerNodeActions(),
      mouse: () => this.#turnMouse(),
      redraw: on.redraw,
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    this.#texts.resized();
    this.#changed();
  }

  /** A key by name, as the table writes it: `j`, `Enter`, `Ctrl+l`. */
  press(key: string): void {
    if (key === 'Ctrl+c') return this.#interrupt();
    this.message = null;
    this.#leaving.pressed(key);
    this.#texts.lookedAt();
    if (key === 'Ctrl+z') this.#suspend();
    else if (this.acting.dialog) this.acting.dialog.press(key);
    else if (this.input) this.#typing.type(this.input, key);
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
    else if (this.input) this.#typing.paste(this.input, line);
    else this.message = 'a paste does nothing here';
    this.#changed();
  }

  click(column: number, row: number): void {
    if (this.docs.length > 0 || this.acting.dialog) return;
    this.#cursor.moveToPlace(column, row);
    this.#changed();
  }

  wheel(column: number, row: number, by: number): void {
    if (this.acting.dialog) return;
    if (this.docs.length === 0) this.focus = this.paneAt(column, row)?.name ?? this.focus;
    this.#cursor.move(by);
    this.#changed();
  }

  /** A sentence for the footer, until the next key. */
  tell(message: string): void {
    this.message = message;
    this.#changed();
  }

  run(action: Action): void {
    if (isOfLog(action)) this.topLog?.run(action);
    else this.#deeds[action]();
  }

  /** Lists a kind in the pane where it is at home. */
  show(listed: Listed): void {
    this.#places.show(listed);
  }

  /** Tells which actions are of use for what is under the cursor, found once for all: only of those the footer names the key. */
  ofUse(): (action: Action) => boolean {
    const selected = this.selected();
    const targets = this.targets();
    return action => {
      switch (action) {
        case 'open':
        case 'why':
        case 'describe':
        case 'raw':
          return selected !== undefined;
        case 'actions':
          return targets.length > 0;
        default: {
          const kinds = KINDS_OF[action] ?? verbNamed(action)?.kinds;
          return !kinds || targets.some(({ kind }) => kinds.includes(kind));
        }
      }
    };
  }

  protected override actionCommands(): Command[] {
    const [first, ...others] = this.targets();
    if (!first) return [];
    const { gateway } = this.acting;
    const shared = gateway.verbsFor(first).map(({ verb, unfit }) => ({
      verb,
      unfit: unfit ?? others.map(noun => verb.unfit(noun)).find(why => why !== null) ?? null,
    }));
    const groups = others.length === 0 ? groupsOf(gateway.groups, first, this.options.fleet) : [];
    return [...actionCommands(shared), ...groupCommands(restart, groups)];
  }

  #offerActions(): void {
    this.offered = null;
    if (this.actionCommands().length > 0) this.input = { into: 'actions', text: '', index: 0 };
    else {
      const [noun] = this.targets();
      this.message = noun
        ? `nothing can be done to ${withArticle(noun.kind)} from here; ${this.options.keys.nameOf('why')} says why it is not well`
        : 'nothing under the cursor that anything could be done to';
    }
  }

  #offerNodeActions(): void {
    if (this.targets().some(({ kind }) => kind === 'node')) this.#offerActions();
    else this.message = `no node is under the cursor: ${this.options.keys.nameOf('pane-1')} goes to the nodes`;
  }

  #runCommand({ run }: Command): void {
    if ('action' in run) this.run(run.action);
    else if ('list' in run) this.show(run.list);
    else if ('objects' in run) this.#texts.list(run.objects);
    else if ('noun' in run) this.#places.goTo(run.noun);
    else if ('call' in run) run.call();
    else if ('verb' in run && run.verb.name === 'edit') void this.acting.edit(run.nouns ?? this.targets());
    else if ('verb' in run) this.#act(run.verb, run.nouns);
    else {
      this.message = `told the embedded platform: ${run.trigger}`;
      void this.options.on.trigger(run.trigger).then(refusal => refusal && this.tell(`${run.trigger}: ${refusal}`));
    }
  }

  #act(verb: string | Verb, nouns: readonly Noun[] = this.targets()): void {
    this.acting.open(verb, nouns, { hidden: this.hiddenTargets() });
  }

  protected override objectCommands(taken: ReadonlySet<string>): Command[] {
    return this.#objects.commands(taken);
  }

  #openLog(previous: boolean): void {
    const nouns = this.targets();
    const without = nouns.find(({ kind }) => kind !== 'replica' && kind !== 'workload');
    if (nouns.length === 0) this.message = 'nothing under the cursor that writes a log';
    else if (without) this.message = `${withArticle(without.kind)} writes no log of its own`;
    else {
      this.closeLog();
      const { fleet, on } = this.options;
      const view = new LogView({ fleet, nouns, previous, changed: () => this.#changed(), copy: on.copy });
      this.log = { view, of: nouns, over: this.docs.length };
    }
  }

  #open(): void {
    if (this.docs.length > 0) return this.#texts.follow();
    const noun = this.selected();
    if (noun && 'kind' in noun && noun.kind === 'workload') this.#places.enter(noun);
    else this.run('describe');
  }

  #back(): void {
    if (this.input) this.#typing.type(this.input, 'Esc');
    else if (this.topLog) this.closeLog();
    else if (!this.#texts.close()) this.#places.back();
  }

  #interrupt(): void {
    if (this.acting.dialog) this.acting.dialog.press('Esc');
    else if (this.topLog?.input) this.topLog.type('Esc');
    else if (this.input || this.topLog || this.docs.length > 0) this.#back();
    else if (!this.acting.callOff()) this.#leaving.interrupt();
    this.#changed();
  }

  #suspend(): void {
    this.#texts.hide({ away: true });
    if (!this.options.on.suspend()) this.message = 'not suspended: no shell is there to continue it';
  }

  #turnMouse(): void {
    this.mouse = !this.mouse;
    this.message = this.mouse ? 'mouse on' : 'mouse off: the terminal selects text';
    this.options.on.mouse(this.mouse);
  }

  #changed(): void {
    this.#texts.hide({ away: this.input !== null || this.acting.dialog !== null });
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}

const isOfLog = (action: Action): action is LogAction => action.startsWith('log-');

/** Of actions that are no verbs: what they are for. */
const KINDS_OF: Partial<Record<Action, readonly Kind[]>> = { logs: ['replica', 'workload'], 'node-menu': ['node'] };
