import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Verb } from '../actions/verb.ts';
import { verbNamed } from '../actions/verbs.ts';
import type { Book, Sitting } from '../checklists/book.ts';
import type { Fix, Item, Period } from '../checklists/checklist.ts';
import { TITLES } from '../checklists/lists.ts';
import type { LiveRun } from '../checklists/live-run.ts';
import { markdownOf } from '../checklists/markdown.ts';
import type { Input } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { dateTime } from '../text/format.ts';
import type { Acting } from './acting.ts';
import { choiceLines, runLines } from './checklist-doc.ts';
import type { Deeds } from './deeds.ts';
import { type Doc, newDoc } from './doc.ts';
import type { Command } from './palette.ts';
import type { Places } from './places.ts';
import type { Shown } from './shown.ts';

export interface CheckingOptions {
  /** Absent where there are none. */
  book: Book | undefined;
  acting: Acting;
  places: Places;
  changed(): void;
  tell(message: string): void;
  copy(text: string): void;
}

/** The line of the first item. */
const FIRST_ITEM = 2;
/** What somebody else does is drawn so often. */
const WATCH_MS = 2_000;

/** What mends something, with what its fields are filled with. */
interface Offer {
  verb: Verb;
  noun: Noun;
  input: Input;
}

/** Working through a checklist on the screen. */
export class Checking {
  readonly #shown: Shown;
  readonly #on: CheckingOptions;
  #open: { doc: Doc; sitting: Sitting } | null = null;

  constructor(shown: Shown, options: CheckingOptions) {
    this.#shown = shown;
    this.#on = options;
  }

  readonly deeds = {
    checklists: () => this.#choose(),
    'check-confirm': () => this.#atItem((live, item) => this.#decided(() => live.confirm(item))),
    'check-override': () => this.#withNote('counts as well, because:', (live, item, note) => live.override(item, note)),
    'check-skip': () => this.#withNote('skipped, because:', (live, item, note) => live.skip(item, note)),
    'check-again': () => this.#atItem((live, item) => this.#look(live.lookAt(item))),
    'check-fix': () => this.#atItem((live, item) => this.#fix(live, item)),
    'check-report': () => this.#report(),
  } satisfies Deeds;

  #choose(): void {
    const { book } = this.#on;
    if (!book) this.#shown.message = 'there are no checklists here';
    else {
      book.refresh();
      this.#shown.docs.push(newDoc('Checklists', null, () => choiceLines(book, period => this.#enter(book, period))));
    }
  }

  #enter(book: Book, period: Period): void {
    this.#shown.docs.pop();
    void book.open(period, this.#on.changed).then(
      sitting => this.#show(book, period, sitting),
      (error: unknown) => this.#on.tell(`the ${period} checklist cannot be begun: ${words(error)}`),
    );
  }

  #show(book: Book, period: Period, sitting: Sitting): void {
    const { live, record, checklist } = sitting;
    const jumps = { toItem: (id: string) => this.#goToItem(sitting, id), toNoun: (id: string) => this.#goToNoun(id) };
    const doc: Doc = {
      ...newDoc(`${TITLES[period]} · ${dateTime(record().begunAt)}`, null, () =>
        runLines(sitting, this.#shown.options.ascii, jumps),
      ),
      part: 'checklist',
      line: FIRST_ITEM,
    };
    this.#open = { doc, sitting };
    this.#shown.docs.push(doc);
    this.#on.changed();
    if (live) this.#look(book.ready(checklist).then(() => live.look()));
    else this.#watch(doc);
  }

  /** As long as it is open. */
  #watch(doc: Doc): void {
    const timer = setInterval(() => {
      if (this.#shown.docs.includes(doc)) this.#on.changed();
      else clearInterval(timer);
    }, WATCH_MS).unref();
  }

  #look(looking: Promise<void>): void {
    looking.catch((error: unknown) => this.#on.tell(words(error)));
  }

  /** Does something to the item under the cursor, where the run is ours and not finished. */
  #atItem(act: (live: LiveRun, item: string) => void): void {
    const doc = this.#shown.docs.at(-1);
    const item = doc && this.#shown.docLines(doc)[doc.line]?.item;
    const sitting = this.#open?.doc === doc ? this.#open?.sitting : undefined;
    const { live } = sitting ?? {};
    if (!sitting) return;
    if (!live) this.#shown.message = `${sitting.record().worker.operator} is at it: wait until they are done`;
    else if (live.record.end) this.#shown.message = 'it is finished; c begins another run';
    else if (item === undefined) this.#shown.message = 'no item is under the cursor';
    else act(live, item);
  }

  #withNote(ask: string, take: (live: LiveRun, item: string, note: string) => void): void {
    this.#atItem((live, item) => {
      this.#shown.input = {
        into: 'note',
        ask,
        text: '',
        take: note => this.#decided(() => take(live, item, note)),
      };
    });
  }

  /** What was said is kept; then on to what is not decided yet. */
  #decided(decide: () => void): void {
    try {
      decide();
    } catch (error) {
      this.#shown.message = words(error);
      return;
    }
    const { doc, sitting } = this.#open ?? {};
    const open = sitting?.record().items.find(({ decision }) => decision === null)?.id;
    if (!doc) return;
    const line = this.#shown.docLines(doc).findIndex(({ item }) => item !== undefined && item === open);
    if (line >= 0) doc.line = line;
    else this.#shown.message = 'the checklist is finished';
  }

  #fix(live: LiveRun, item: string): void {
    const offers = this.#offersFor(live, item);
    const [only] = offers;
    if (!only) {
      const { keys } = this.#shown.options;
      this.#shown.message = `nothing mends this from here; ${keys.nameOf('actions')} on a line that names something offers what can be done to it`;
    } else if (offers.length === 1) this.#carryOut(live, item, only);
    else {
      this.#shown.offered = offers.map(
        (offer): Command => ({
          name: `${offer.verb.name} ${offer.noun.name}`,
          help: offer.verb.help,
          run: { call: () => this.#carryOut(live, item, offer) },
        }),
      );
      this.#shown.input = { into: 'actions', text: '', index: 0 };
    }
  }

  /** The fixes of an item that fit the finding under the cursor, else its first. */
  #offersFor(live: LiveRun, id: string): Offer[] {
    const { fleet } = this.#shown.options;
    const item = live.checklist.items.find(item => item.id === id);
    const under = this.#shown.selected();
    const result = live.record.items.find(item => item.id === id)?.result;
    const found = result?.findings.flatMap(({ about }) => (about === null ? [] : (fleet.find(about) ?? []))) ?? [];
    const noun = found.find(({ id }) => under && 'id' in under && id === under.id) ?? found[0];
    return item && noun ? item.fixes.flatMap(fix => this.#offersOf(fix, noun)) : [];
  }

  #offersOf({ verb: name, kinds, nouns, input = {} }: Fix, noun: Noun): Offer[] {
    const verb = verbNamed(name);
    const settings = this.#open?.sitting.settings;
    if (!verb || !settings || !kinds.includes(noun.kind)) return [];
    const { fleet } = this.#shown.options;
    const targets = nouns ? nouns({ fleet, settings }) : [noun];
    return targets
      .filter(target => verb.kinds.includes(target.kind) && verb.unfit(target) === null)
      .map(target => ({ verb, noun: target, input }));
  }

  /** Opens the dialog of the verb; when that has ended well, it is said in the run and looked at again. */
  #carryOut(live: LiveRun, item: string, { verb, noun, input }: Offer): void {
    const { acting } = this.#on;
    const { gateway } = acting;
    const before = new Set(gateway.actions);
    acting.open(verb, [noun], { input });
    const { dialog } = acting;
    const unsubscribe = gateway.subscribe(() => {
      const action = gateway.actions.find(
        one => !before.has(one) && one.proposal.noun.id === noun.id && one.proposal.verb.name === verb.name,
      );
      if (!action && acting.dialog !== dialog) unsubscribe();
      if (!action || action.outcome === null) return;
      unsubscribe();
      this.#decided(() => live.fixed(item, `${verb.name} ${noun.name}: ${action.outcome}, ${action.words}`));
      if (action.outcome === 'done') this.#look(live.lookAt(item));
    });
  }

  #goToItem({ checklist }: Sitting, id: string): void {
    const item = checklist.items.find((item): item is Item => item.id === id);
    if (!item) return;
    this.#on.places.show(item.look.kind);
    this.#shown.change({ filter: item.look.filter });
  }

  #goToNoun(id: string): void {
    const noun = this.#shown.options.fleet.find(id);
    if (noun) this.#on.places.goTo(noun);
    else this.#shown.message = 'it is gone';
  }

  #report(): void {
    const { book, copy } = this.#on;
    const sitting = this.#open?.sitting;
    if (!sitting || !book) return;
    const record = sitting.record();
    const text = markdownOf(record, book.platform, sitting.before);
    copy(text);
    const stamp = new Date(record.begunAt).toISOString().slice(0, 16).replace(/[:T]/g, '-');
    const path = join(homedir(), `quarterdeck-${record.checklist}-${stamp}.md`);
    try {
      writeFileSync(path, text, { mode: 0o600 });
      this.#shown.message = `saved in ${path}, and given to the clipboard of the terminal`;
    } catch (error) {
      this.#shown.message = `not saved: ${words(error)}; given to the clipboard of the terminal`;
    }
  }
}

const words = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));
