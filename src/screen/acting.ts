import { type CutShort, cutShortWords } from '../actions/cut-short.ts';
import { dropDraft } from '../actions/drafts.ts';
import type { Action, Gateway } from '../actions/gateway.ts';
import { summary } from '../actions/record.ts';
import type { Verb } from '../actions/verb.ts';
import { edit } from '../actions/verbs/edit.ts';
import { verbNamed } from '../actions/verbs.ts';
import type { Target } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { withArticle } from '../text/article.ts';
import { Dialog, type DialogOptions } from './dialog.ts';

export interface ActingOptions {
  gateway: Gateway;
  changed(): void;
  /** Calls back when what is to be drawn now has reached the terminal. */
  drawn(callback: () => void): void;
  tell(message: string): void;
  find(target: Target): Noun | undefined;
  /** Keys for the sentences that name them: to take the last action back, and to the journal. */
  keys: { undo: string; journal: string };
}

/** What the keys do to the platform: the dialog that is open, and what is under way. */
export class Acting {
  readonly #on: ActingOptions;
  readonly #told = new WeakSet<Action>();
  /** Texts that were edited, by the noun that they are of. */
  readonly #drafts = new Map<string, string>();
  readonly #opened = new WeakSet<Action>();
  dialog: Dialog | null = null;

  constructor(options: ActingOptions) {
    this.#on = options;
    options.gateway.subscribe(() => this.#moved());
  }

  get gateway(): Gateway {
    return this.#on.gateway;
  }

  /** Opens the dialog of a verb for these nouns. A sentence instead when it applies to none or not to all of them. */
  open(
    verb: string | Verb,
    nouns: readonly Noun[],
    more: Pick<DialogOptions, 'undo' | 'input' | 'resumes' | 'hidden'> = {},
  ): void {
    const { gateway, changed, drawn, tell } = this.#on;
    const found = typeof verb === 'string' ? verbNamed(verb) : verb;
    const unfit = nouns.map(noun => ({ noun, why: unfitFor(found, noun) })).find(({ why }) => why !== null);
    if (!found || nouns.length === 0) return tell('nothing under the cursor that this could be done to');
    if ((found.session || found.single) && nouns.length > 1)
      return tell(`${found.name} is for one at a time: ${nouns.length} are marked`);
    if (unfit) return tell(`${unfit.noun.name}: ${unfit.why}`);
    const close = () => {
      this.dialog = null;
      changed();
    };
    this.dialog = new Dialog({ verb: found, nouns, ...more, gateway, changed, drawn, close, tell });
  }

  /** Opens the operator's editor, then the dialog with what was changed there. */
  async edit(nouns: readonly Noun[]): Promise<void> {
    const { gateway, tell } = this.#on;
    const [noun] = nouns;
    if (!noun || nouns.length > 1) return tell(noun ? 'edit is for one at a time' : 'nothing under the cursor to edit');
    const unfit = unfitFor(edit, noun);
    if (unfit !== null) return tell(`${noun.name}: ${unfit}`);
    try {
      const file = await gateway.draft(noun, AbortSignal.timeout(EDITED_MS));
      if (file === null) return tell('nothing was changed');
      const { fields: _, ...rest } = edit;
      this.open({ ...rest, plan: (subject, input) => edit.plan(subject, { ...input, file }) }, [noun]);
      this.#drafts.set(noun.id, file);
      tell(`the text is kept in ${file} until it is taken`);
    } catch (error) {
      tell(`edit ${noun.name}: ${printable(error instanceof Error ? error.message : String(error))}`);
    }
  }

  /** The file of an edit that has ended: gone where it was taken, else named. */
  #draftOf({ proposal: { verb, noun }, outcome }: Action): string {
    const file = verb.name === edit.name ? this.#drafts.get(noun.id) : undefined;
    if (file === undefined) return '';
    if (outcome !== 'done') return `; the text is kept in ${file}`;
    this.#drafts.delete(noun.id);
    void dropDraft(file);
    return '';
  }

  /** Opens the dialog that takes the last deed back. */
  undo(): void {
    const undo = this.#on.gateway.lastUndoable();
    if (!undo) return this.#on.tell('you have done nothing that could be taken back');
    const { target, inverse } = undo.intent;
    const noun = this.#on.find(target);
    if (!noun) return this.#on.tell(`${target.name} is gone`);
    this.open(inverse?.verb ?? '', [noun], { undo });
  }

  /** Says what a program before this one could not bring to its end. */
  tellCutShort(cut: CutShort): void {
    const offered = cut.left.length > 0 ? `: ${this.#on.keys.journal} offers to go on` : '';
    this.#on.tell(`${cutShortWords(cut)}${offered}`);
  }

  /** Opens the dialog for the rest of several that were cut short. What has another identity now is not meant. */
  goOn({ batch, left }: CutShort): void {
    const found = left.map(target => ({ target, noun: this.#on.find(target) }));
    const nouns = found.flatMap(({ target, noun }) => (noun && noun.uid === target.uid ? [noun] : []));
    if (nouns.length === 0) return this.#on.tell('none of them is there any more');
    this.open(batch.verb, nouns, { input: batch.input, resumes: batch.id });
    const gone = found.filter(({ target, noun }) => noun?.uid !== target.uid).map(({ target }) => target.name);
    if (gone.length > 0) this.#on.tell(`gone, or another one now: ${gone.join(', ')}`);
  }

  /** Calls off what waits. False: nothing does. */
  callOff(): boolean {
    const length = this.#on.gateway.callOff();
    if (length > 0) this.#on.tell(`called off: ${length} not begun; what runs goes on`);
    return length > 0;
  }

  /** The end of an action is told in the footer until the next key; what has no place there stands in the feed. */
  #moved(): void {
    const ended = this.#on.gateway.actions.findLast(action => action.outcome !== null && !this.#told.has(action));
    if (!ended) {
      // Where it leads is told once, when it is open.
      const opened = this.#on.gateway.background.find(action => action.words !== 'sent' && !this.#opened.has(action));
      if (!opened) return this.#on.changed();
      this.#opened.add(opened);
      return this.#on.tell(`${opened.proposal.verb.name}: ${opened.words}`);
    }
    this.#told.add(ended);
    const { noun, verb, plan } = ended.proposal;
    const back = ended.outcome === 'done' && plan.inverse ? ` (${this.#on.keys.undo} undoes it)` : '';
    const outcome = ended.outcome === 'done' ? 'done' : ended.outcome;
    this.#on.tell(`${summary(noun, verb, plan)}: ${outcome}, ${ended.words}${this.#draftOf(ended)}${back}`);
  }

  /** What is under way, in a line for the footer; null when nothing is. */
  underWay(): string | null {
    const running = this.#on.gateway.running.filter(({ proposal }) => !proposal.plan.session?.background);
    const [first] = running;
    if (!first) return null;
    const { noun, verb, plan } = first.proposal;
    const more = running.length > 1 ? ` · and ${running.length - 1} more` : '';
    const waiting = this.#on.gateway.queues.reduce((sum, queue) => sum + queue.waiting.length, 0);
    const later = waiting > 0 ? ` · ${waiting} more ${waiting === 1 ? 'waits' : 'wait'}` : '';
    return `${summary(noun, verb, plan)}: ${first.words} …${more}${later}`;
  }
}

/** A text may be thought about for a day. */
const EDITED_MS = 24 * 3_600_000;

function unfitFor(verb: Verb | undefined, noun: Noun): string | null {
  if (!verb) return 'there is no such action';
  return verb.kinds.includes(noun.kind) ? verb.unfit(noun) : `${verb.name} is not for ${withArticle(noun.kind)}`;
}
