import { printable } from '../model/printable.ts';
import { holdsSeveral, type Revealed } from '../model/reveal.ts';
import { sentence, TroubleError } from '../model/trouble.ts';
import type { Doc } from './doc.ts';
import type { DocLine, Secret } from './document.ts';

/** For so long without a key. */
const LASTS_MS = 30_000;

export interface GlanceOptions {
  /** The lines of a text as they stand on the screen. */
  lines(doc: Doc): DocLine[];
  tell(message: string): void;
  changed(): void;
}

/**
 * A glance at one masked value: asked for when the key is pressed, shown while the cursor stands on it, and forgotten
 * with the cursor's next step, the text's end, or after a time.
 */
export class Glance {
  readonly #options: GlanceOptions;
  #at: { doc: Doc; secret: Secret } | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GlanceOptions) {
    this.#options = options;
  }

  /** Shows the value under the cursor, or hides it when it is shown. Returns why not. */
  begin(doc: Doc): string | null {
    const secret = this.#secretUnder(doc);
    if (!secret) return 'no masked value stands under the cursor';
    if (this.end()) return null;
    if (holdsSeveral(secret.text)) return 'this text holds several values: each is shown where it stands by itself';
    const at = { doc, secret };
    this.#at = at;
    this.#show({ text: 'asking …', note: null });
    doc.reveal?.(secret).then(
      revealed => {
        if (this.#at !== at) return;
        this.#show(revealed);
        this.goOn();
        this.#options.changed();
      },
      (error: unknown) => {
        if (this.#at !== at) return;
        this.end();
        this.#options.tell(`not shown: ${printable(reason(error))}`);
      },
    );
    return null;
  }

  /** A key was pressed: somebody is still looking. */
  goOn(): void {
    clearTimeout(this.#timer);
    if (!this.#at) return;
    this.#timer = setTimeout(() => {
      this.end();
      this.#options.changed();
    }, LASTS_MS).unref();
  }

  /** Ends unless its text is the open one and the cursor stands on its value. */
  keepTo(doc: Doc | undefined): void {
    if (this.#at && (this.#at.doc !== doc || this.#secretUnder(doc) !== this.#at.secret)) this.end();
  }

  /** The text was wrapped anew: the cursor goes where the value stands now. */
  follow(): void {
    if (!this.#at) return;
    const { doc, secret } = this.#at;
    doc.line = Math.max(
      0,
      this.#options.lines(doc).findIndex(line => line.secret === secret),
    );
  }

  /** Hides the value. False: none was shown. */
  end(): boolean {
    clearTimeout(this.#timer);
    if (!this.#at) return false;
    const { doc, secret } = this.#at;
    const before = this.#options.lines(doc);
    doc.shown = undefined;
    this.#at = null;
    const first = before.findIndex(line => line.secret === secret);
    const last = before.findLastIndex(line => line.secret === secret);
    if (doc.line > last) doc.line -= before.length - this.#options.lines(doc).length;
    else if (doc.line > first) doc.line = first;
    return true;
  }

  #show(revealed: Revealed): void {
    if (!this.#at) return;
    const { doc, secret } = this.#at;
    doc.shown = { secret, lines: linesOf(secret, revealed) };
    this.follow();
  }

  #secretUnder(doc: Doc): Secret | undefined {
    return this.#options.lines(doc)[doc.line]?.secret;
  }
}

/** The text with the value that is shown in the place of its mask. */
export function withShown(lines: DocLine[], shown: Doc['shown']): DocLine[] {
  if (!shown) return lines;
  const first = lines.findIndex(line => line.secret === shown.secret);
  if (first < 0) return lines;
  const last = lines.findLastIndex(line => line.secret === shown.secret);
  return [...lines.slice(0, first), ...shown.lines, ...lines.slice(last + 1)];
}

function linesOf(secret: Secret, { text, note }: Revealed): DocLine[] {
  const { head } = secret;
  const line = (text: string): DocLine => ({ text, indent: head.length, secret, tone: 'warn' });
  const [first = '', ...rest] = text.split('\n').map(part => printable(part));
  const told = note === null ? [] : [{ ...line(`${' '.repeat(head.length)}(${note})`), tone: 'dim' as const }];
  return [line(head + first), ...rest.map(part => line(' '.repeat(head.length) + part)), ...told];
}

function reason(error: unknown): string {
  if (error instanceof TroubleError) return sentence(error.trouble);
  return error instanceof Error ? error.message : String(error);
}
