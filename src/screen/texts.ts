import type { CutShort } from '../actions/cut-short.ts';
import type { Gateway } from '../actions/gateway.ts';
import type { KubeObject, Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import { measuresOf } from '../trends/metrics.ts';
import { Chart } from './chart-doc.ts';
import type { Deeds } from './deeds.ts';
import { type Doc, detailsDoc, newDoc, rawDoc, whyDoc } from './doc.ts';
import type { DocLine } from './document.ts';
import { Glance } from './glance.ts';
import { help } from './help.ts';
import { journalDoc } from './journal-doc.ts';
import type { ObjectsOf } from './object-kinds.ts';
import { objectsDoc } from './objects-doc.ts';
import type { Shown } from './shown.ts';
import { underWayDoc } from './under-way-doc.ts';

export interface TextsOptions {
  gateway: Gateway;
  /** What comes later than the key: to be drawn, or to be told in the footer. */
  changed(): void;
  tell(message: string): void;
  /** Offers the rest of several that were cut short. */
  goOn(cut: CutShort): void;
}

/** The texts that lie over the panes, one on another, and the glance at a masked value in one of them. */
export class Texts {
  readonly #shown: Shown;
  readonly #options: TextsOptions;
  readonly #glance: Glance;

  constructor(shown: Shown, options: TextsOptions) {
    this.#shown = shown;
    this.#options = options;
    const { changed, tell } = options;
    this.#glance = new Glance({ lines: doc => shown.docLines(doc), tell, changed });
  }

  readonly deeds = {
    help: () => this.#help(),
    describe: () =>
      this.#about((subject, name) => this.#onlyRaw(subject) ?? detailsDoc(subject.id, name, this.#shown.context)),
    why: () =>
      this.#about(
        (subject, name) =>
          this.#onlyRaw(subject) ?? whyDoc(subject.id, name, this.#shown.context, this.#shown.options.keys),
      ),
    'next-link': () => this.#walk(1),
    'previous-link': () => this.#walk(-1),
    raw: () => this.#about(subject => this.#raw(subject)),
    reveal: () => this.#reveal(),
    journal: () => this.#open(journalDoc(this.#options.gateway, this.#options.goOn)),
    'under-way': () => this.#underWay(),
    chart: () => this.#chart(),
    'chart-day': () => this.#inChart(chart => chart.show('day')),
    'chart-week': () => this.#inChart(chart => chart.show('week')),
    'chart-month': () => this.#inChart(chart => chart.show('month')),
    'chart-next': () => this.#inChart(chart => chart.next()),
  } satisfies Deeds;

  /** Does what the line under the cursor is there for. */
  follow(): void {
    const line = this.#lineUnder();
    if (line?.run) line.run();
    else if (line?.link !== undefined) this.deeds.describe();
  }

  /** Closes the glance or the topmost text. False: neither is open. */
  close(): boolean {
    return this.#glance.end() || this.#shown.docs.pop() !== undefined;
  }

  /** A key was pressed: somebody is still looking at the masked value. */
  lookedAt(): void {
    this.#glance.goOn();
  }

  /** The screen has another size. */
  resized(): void {
    this.#glance.follow();
  }

  /** Hides the masked value unless it stands under the cursor of what has the keys; `away`: in any case. */
  hide({ away }: { away: boolean }): void {
    this.#glance.keepTo(away ? undefined : this.#shown.docs.at(-1));
  }

  /** To the next line that Enter does something on; from the last one to the first. */
  #walk(step: 1 | -1): void {
    const doc = this.#shown.docs.at(-1);
    const lines = doc ? this.#shown.docLines(doc) : [];
    const links = lines.flatMap(({ link, run }, at) => (link !== undefined || run ? [at] : []));
    const here = doc?.line ?? 0;
    const next =
      step > 0 ? (links.find(at => at > here) ?? links[0]) : (links.findLast(at => at < here) ?? links.at(-1));
    if (doc && next !== undefined) doc.line = next;
    else
      this.#shown.message = `no line of this text leads anywhere; ${this.#shown.options.keys.nameOf('back')} closes it`;
  }

  #lineUnder(): DocLine | undefined {
    const doc = this.#shown.docs.at(-1);
    return doc && this.#shown.docLines(doc)[doc.line];
  }

  #open(doc: Doc): void {
    this.#shown.docs.push(doc);
  }

  /** The cursor stands where Enter does something. */
  #underWay(): void {
    const doc = underWayDoc(this.#options.gateway, this.#shown.options.keys.nameOf('port-forward'));
    doc.line = Math.max(
      0,
      this.#shown.docLines(doc).findIndex(({ run }) => run),
    );
    this.#open(doc);
  }

  #about(make: (subject: Noun | FeedEvent, name: string) => Doc): void {
    const subject = this.#shown.selected();
    if (subject) this.#open(make(subject, 'kind' in subject ? subject.name : subject.subject));
    else this.#shown.message = 'nothing under the cursor';
  }

  /** Of a pod that of its workload: pods come and go. */
  #chart(): void {
    const { fleet, trends, ascii, madeUpPast = false } = this.#shown.options;
    const { changed } = this.#options;
    const room = () => ({ columns: this.#shown.textColumns, rows: this.#shown.textRows });
    const subject = this.#shown.selected();
    const about = subject && !('kind' in subject) ? fleet.find(subject.about ?? '') : subject;
    const noun = about?.kind === 'replica' ? fleet.get('workload', about.workload ?? '') : about;
    if (!noun) this.#shown.message = 'nothing under the cursor of which a past is kept';
    else if (!trends || measuresOf(noun).length === 0) this.#shown.message = `no past is kept of a ${noun.kind}`;
    else this.#open(new Chart(noun, { fleet, trends, ascii, room, madeUp: madeUpPast, changed }));
  }

  #inChart(act: (chart: Chart) => void): void {
    const doc = this.#shown.docs.at(-1);
    if (doc instanceof Chart) act(doc);
    else this.#shown.message = `no chart is open: ${this.#shown.options.keys.nameOf('chart')} opens one`;
  }

  /** Lists the objects of a kind, as the system prints them. */
  list(objects: ObjectsOf): void {
    const { options, namespace } = this.#shown;
    const open = (object: KubeObject) => this.#open(this.#raw(object));
    this.#open(objectsDoc(objects, { fleet: options.fleet, namespace, open, changed: this.#options.changed }));
  }

  #raw(subject: Noun | FeedEvent): Doc {
    return rawDoc(subject, this.#shown.context(), this.#options.changed);
  }

  /** Of what is not watched nothing more is known than the object itself. */
  #onlyRaw(subject: Noun | FeedEvent): Doc | null {
    return 'kind' in subject && subject.kind === 'object' ? this.#raw(subject) : null;
  }

  /** The keys, those first that are of use where one comes from. */
  #help(): void {
    const { part, options } = this.#shown;
    const { keys, ascii } = options;
    this.#open(newDoc('Help', null, () => help(keys, { ascii, part, columns: this.#shown.textColumns })));
  }

  #reveal(): void {
    const doc = this.#shown.docs.at(-1);
    const raw = this.#shown.options.keys.nameOf('raw');
    this.#shown.message = doc?.reveal
      ? this.#glance.begin(doc)
      : `single values are shown in the raw object only: ${raw} opens it`;
  }
}
