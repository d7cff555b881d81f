import { carryOutAll, phraseFor } from '../actions/batch.ts';
import type { Gateway } from '../actions/gateway.ts';
import type { Needs } from '../actions/guard.ts';
import { lacks, type Proposal } from '../actions/proposal.ts';
import { InputError, Unfit, type Verb } from '../actions/verb.ts';
import type { Deed, Input } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { editText } from './edit-text.ts';

export interface DialogOptions {
  verb: Verb;
  /** What was under the cursor, or marked, when it was opened: it is not looked up again. */
  nouns: readonly Noun[];
  /** Ids of those among them that are marked but not in sight. */
  hidden?: ReadonlySet<string>;
  /** Something that was done, and is to be taken back. */
  undo?: Deed;
  /** What stands in its fields at first, where it is not the usual. */
  input?: Input;
  /** The batch whose rest the nouns are. */
  resumes?: string;
  gateway: Gateway;
  /** Something to be drawn has changed. */
  changed(): void;
  /** Calls back when what is to be drawn now has reached the terminal. */
  drawn(callback: () => void): void;
  close(): void;
  /** A sentence for the footer. */
  tell(message: string): void;
  /** Nobody has read it sooner: a key that would confirm does not count before; milliseconds, for tests. */
  readMs?: number;
}

/** How long what is disruptive must have stood there before it can be answered. */
const READ_MS = 600;

/** A line where something is typed. */
export interface Slot {
  name: string;
  label: string;
  text: string;
  help: string;
  /** It was not touched yet: the first key that types replaces what stands there. */
  fresh: boolean;
}

export type DialogState =
  | { state: 'asking' }
  /** `passed`: targets to which it does not apply as they are now, when there are others to which it does. */
  | { state: 'ready'; proposals: Proposal[]; passed: string[] }
  | { state: 'wrong'; why: string; slot: string | null };

/** The slots that do not belong to the verb. */
const REASON = 'reason';
const NAME = 'name';
const ANYWAY = 'anyway';
/** Where `y` is a yes and not a letter. */
const CONFIRM = 'confirm';

/**
 * What would be done, and the operator's answer. What it shows belongs to the nouns and the input as they were when it
 * asked; an answer counts only for what has been on the terminal when the key was pressed.
 */
export class Dialog {
  readonly verb: Verb;
  readonly nouns: readonly Noun[];
  readonly hidden: ReadonlySet<string>;
  /** The first line that is shown of what does not fit, and how many are; kept within what there is by the drawing. */
  top = 0;
  rows = 1;
  /** Of several the rest is done although one was not. */
  keepsGoing = false;
  readonly #on: DialogOptions;
  readonly #slots: Slot[];
  #at = 0;
  #state: DialogState = { state: 'asking' };
  #asking: AbortController | null = null;
  /** When the proposals, or the last stray key, were seen; null: they are not on the terminal yet. */
  #quietSince: number | null = null;
  #hint: string | null = null;

  constructor(options: DialogOptions) {
    this.verb = options.verb;
    this.nouns = options.nouns;
    this.hidden = options.hidden ?? new Set();
    this.#on = options;
    const [first] = options.nouns;
    const fields = options.undo || !first ? [] : (options.verb.fields?.(first) ?? []);
    this.#slots = fields.map(({ name, label, initial, help = '' }) => ({
      name,
      label,
      text: options.input?.[name] ?? initial,
      help,
      fresh: true,
    }));
    this.#ask();
  }

  get state(): DialogState {
    return this.#state;
  }

  /** The lines where something is typed, and which of them has the keys; `confirm` where none has. */
  get slots(): { slots: readonly Slot[]; at: string } {
    const slots = this.#all();
    return { slots, at: slots[this.#at]?.name ?? CONFIRM };
  }

  /** The strictest of all targets. */
  get needs(): Needs {
    const all = this.#state.state === 'ready' ? this.#state.proposals.map(({ needs }) => needs) : [];
    return {
      confirm: (['name', 'y', 'none'] as const).find(one => all.some(({ confirm }) => confirm === one)) ?? 'none',
      reason: all.some(({ reason }) => reason),
      anyway: all.map(({ anyway }) => anyway).find(one => one !== null) ?? null,
      unrecorded: all.map(({ unrecorded }) => unrecorded).find(one => one !== null) ?? null,
    };
  }

  /** What must be typed for something destructive. */
  get phrase(): string {
    return this.#state.state === 'ready' ? phraseFor(this.#state.proposals) : '';
  }

  /** Why the last key did nothing. */
  get hint(): string | null {
    return this.#hint;
  }

  press(key: string): void {
    this.#hint = null;
    const slots = this.#all();
    const slot = slots[this.#at];
    if (key === 'Esc') this.#leave();
    else if (key === 'PageDown') this.top += this.rows;
    else if (key === 'PageUp') this.top -= this.rows;
    else if (key === 'Ctrl+g' && this.nouns.length > 1) this.keepsGoing = !this.keepsGoing;
    else if (key === 'Tab' || key === 'Down') this.#at = Math.min(slots.length, this.#at + 1);
    else if (key === 'Shift+Tab' || key === 'Up') this.#at = Math.max(0, this.#at - 1);
    else if (key === 'Enter' && this.#at < slots.length - 1) this.#at++;
    else if (key === 'Enter') this.#enter();
    else if (slot) this.#type(slot, key);
    else if (key === 'y') this.#confirm();
    else this.#stray(key);
    this.#on.changed();
  }

  /** Text goes where text is typed, but a paste never confirms: a name must be typed. */
  paste(text: string): void {
    const slot = this.#all()[this.#at];
    if (!slot || slot.name === NAME || slot.name === ANYWAY) this.#hint = 'a paste confirms nothing: type it';
    else {
      this.#edit(slot, (slot.fresh ? '' : slot.text) + printable(text.replace(/[\r\n\t]+/g, ' ')));
    }
    this.#on.changed();
  }

  /** The slots of the verb, and those that the needs ask for. */
  #all(): Slot[] {
    const { reason, confirm, anyway, unrecorded } = this.needs;
    return [
      ...this.#slots,
      ...(anyway === null ? [] : [this.#extra(ANYWAY, 'not fresh', `${anyway}: type anyway to go on`)]),
      ...(reason
        ? [this.#extra(REASON, 'reason', unrecorded === null ? 'it stands in the journal' : 'only the events tell it')]
        : []),
      ...(confirm === 'name' ? [this.#extra(NAME, 'name', `type ${this.phrase} to confirm`)] : []),
    ];
  }

  readonly #extras = new Map<string, Slot>();

  #extra(name: string, label: string, help: string): Slot {
    const known = this.#extras.get(name) ?? { name, label, text: '', help, fresh: true };
    this.#extras.set(name, known);
    known.help = help;
    return known;
  }

  #type(slot: Slot, key: string): void {
    const types = [...key].length === 1 || key === 'Space';
    const text = editText(slot.fresh && types ? '' : slot.text, key);
    if (text === null) this.#stray(key);
    else this.#edit(slot, text);
  }

  /** Who types a word elsewhere has not read this: the letter that would confirm may be part of it. */
  #stray(key: string): void {
    this.#hint = `${key} does nothing here`;
    if (this.#quietSince !== null) this.#quietSince = performance.now();
  }

  #edit(slot: Slot, text: string): void {
    slot.fresh = false;
    slot.text = text;
    if (this.#slots.includes(slot)) this.#ask();
  }

  /** Enter does it where nothing more is needed; else it goes to where `y` counts. */
  #enter(): void {
    if (this.needs.confirm !== 'y') return this.#confirm();
    this.#at = this.#all().length;
    this.#hint = 'y does it';
  }

  #confirm(): void {
    if (this.#state.state === 'asking') {
      this.#hint = 'not yet: the system is still being asked';
      return;
    }
    if (this.#state.state === 'wrong') {
      this.#hint = this.#state.why;
      return;
    }
    const must = this.needs.confirm === 'none' ? 0 : (this.#on.readMs ?? READ_MS);
    if (this.#quietSince === null || performance.now() - this.#quietSince < must) {
      this.#hint = EARLY;
      return;
    }
    const { proposals } = this.#state;
    const name = this.#extras.get(NAME)?.text;
    const consent = {
      yes: true,
      name: name === this.phrase ? name : undefined,
      reason: this.#extras.get(REASON)?.text,
      anyway: this.#extras.get(ANYWAY)?.text === ANYWAY,
    };
    const missing = proposals.map(proposal => lacks(proposal, nameEach(consent, proposal, this.phrase))).find(Boolean);
    if (missing) {
      this.#hint = missing;
      return;
    }
    this.#on.close();
    const never = new AbortController();
    void carryOutAll(this.#on.gateway, proposals, consent, {
      keepGoing: this.keepsGoing,
      resumes: this.#on.resumes ?? null,
      signal: never.signal,
    }).then(results => {
      const left = proposals.length - results.length;
      if (left > 0 && results.at(-1)?.outcome !== 'done')
        this.#on.tell(`stopped: ${left} of ${proposals.length} not begun, since one was not done`);
    });
  }

  #leave(): void {
    this.#asking?.abort();
    this.#on.close();
  }

  /** Asks what would be done with what is typed now; an answer to an older question is dropped. */
  #ask(): void {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#state = { state: 'asking' };
    this.top = 0;
    this.#quietSince = null;
    const settle = (state: DialogState) => {
      if (asking.signal.aborted) return;
      this.#state = state;
      // What was said of the waiting is no longer so.
      if (this.#hint !== null) this.#hint = state.state === 'ready' ? EARLY : null;
      this.#on.changed();
      this.#on.drawn(() => {
        if (!asking.signal.aborted) this.#quietSince = performance.now();
      });
    };
    this.#prepare(AbortSignal.any([asking.signal, AbortSignal.timeout(DEADLINE_MS)])).then(
      ready => settle({ state: 'ready', ...ready }),
      (error: unknown) => {
        const why = printable(error instanceof Error ? error.message : String(error));
        settle({ state: 'wrong', why, slot: error instanceof InputError ? error.field : null });
      },
    );
  }

  async #prepare(signal: AbortSignal): Promise<{ proposals: Proposal[]; passed: string[] }> {
    const { gateway, undo, verb, nouns } = this.#on;
    if (undo) return { proposals: [await gateway.prepareUndo(undo, signal)], passed: [] };
    const input: Input = Object.fromEntries(this.#slots.map(({ name, text }) => [name, text]));
    const proposals: Proposal[] = [];
    const unfit: { name: string; error: Unfit }[] = [];
    for (const noun of nouns) {
      try {
        proposals.push(await gateway.prepare(verb, noun, input, signal, nouns.length));
      } catch (error) {
        if (!(error instanceof Unfit)) throw error;
        unfit.push({ name: noun.name, error });
      }
    }
    if (proposals.length === 0 && unfit[0]) throw unfit[0].error;
    return { proposals, passed: unfit.map(({ name, error }) => `${name}: ${error.message}`) };
  }
}

const DEADLINE_MS = 30_000;
const EARLY = 'that key came before this could be read: press it again';

function nameEach<C extends { name?: string | undefined }>(consent: C, proposal: Proposal, phrase: string): C {
  return { ...consent, name: consent.name === phrase ? phraseFor([proposal]) : consent.name };
}
