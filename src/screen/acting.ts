import type { Gateway } from '../actions/gateway.ts';
import { summary } from '../actions/gateway.ts';
import type { Verb } from '../actions/verb.ts';
import { verbNamed } from '../actions/verbs.ts';
import type { Deed } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { Dialog } from './dialog.ts';

export interface ActingOptions {
  gateway: Gateway;
  changed(): void;
  /** Calls back when what is to be drawn now has reached the terminal. */
  drawn(callback: () => void): void;
  tell(message: string): void;
}

/** What the keys do to the platform: the dialog that is open, and what is under way. */
export class Acting {
  readonly #on: ActingOptions;
  dialog: Dialog | null = null;

  constructor(options: ActingOptions) {
    this.#on = options;
    options.gateway.subscribe(options.changed);
  }

  get gateway(): Gateway {
    return this.#on.gateway;
  }

  /** Opens the dialog of a verb for these nouns. A sentence instead when it applies to none or not to all of them. */
  open(verb: string | Verb, nouns: readonly Noun[], undo?: Deed): void {
    const { gateway, changed, drawn, tell } = this.#on;
    const found = typeof verb === 'string' ? verbNamed(verb) : verb;
    const unfit = nouns.map(noun => ({ noun, why: unfitFor(found, noun) })).find(({ why }) => why !== null);
    if (!found || nouns.length === 0) return tell('nothing under the cursor that this could be done to');
    if (unfit) return tell(`${unfit.noun.name}: ${unfit.why}`);
    const close = () => {
      this.dialog = null;
      changed();
    };
    this.dialog = new Dialog({ verb: found, nouns, ...(undo && { undo }), gateway, changed, drawn, close, tell });
  }

  /** Opens the dialog that takes the last deed back. */
  undo(find: (deed: Deed) => Noun | undefined): void {
    const deed = this.#on.gateway.lastUndoable();
    if (!deed) return this.#on.tell('nothing was done that could be taken back');
    const noun = find(deed);
    if (!noun) return this.#on.tell(`${deed.intent.target.name} is gone`);
    this.open(deed.intent.inverse?.verb ?? '', [noun], deed);
  }

  /** What is under way, in a line for the footer; null when nothing is. */
  underWay(): string | null {
    const { running } = this.#on.gateway;
    const [first] = running;
    if (!first) return null;
    const { noun, verb, plan } = first.proposal;
    const more = running.length > 1 ? ` · and ${running.length - 1} more` : '';
    return `${summary(noun, verb, plan)}: ${first.words} …${more}`;
  }
}

function unfitFor(verb: Verb | undefined, noun: Noun): string | null {
  if (!verb) return 'there is no such action';
  return verb.kinds.includes(noun.kind) ? verb.unfit(noun) : `${verb.name} is not for a ${noun.kind}`;
}
