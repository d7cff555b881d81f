import type { KeyMap } from '../keys/table.ts';
import type { Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import { printable } from '../model/printable.ts';
import type { Masked, Revealed } from '../model/reveal.ts';
import type { ColumnContext } from './columns/column.ts';
import { describe } from './describe.ts';
import type { DocLine, Secret } from './document.ts';
import { withShown } from './glance.ts';
import { why, whyEvent } from './why.ts';

/** A text over the panes. Its lines are made anew at each drawing, so that what they tell stays true. */
export interface Doc {
  readonly title: string;
  /** Id of what it is about. */
  about: string | null;
  /** It, where it is not watched. */
  noun?: Noun;
  lines(): DocLine[];
  /** Where it has keys of its own beside those of a text. */
  part?: 'checklist';
  /** The line under the cursor, and the first that is shown. */
  line: number;
  top: number;
  /** Asks for one masked value, plain. Rejects with why it cannot be had. */
  reveal?(masked: Masked): Promise<Revealed>;
  /** The one masked value that is looked at, in the lines that stand in its place. */
  shown?: { secret: Secret; lines: DocLine[] } | undefined;
}

export const newDoc = (title: string, about: string | null, lines: () => DocLine[]): Doc => ({
  title,
  about,
  lines,
  line: 0,
  top: 0,
});

export function detailsDoc(id: string, name: string, context: () => ColumnContext): Doc {
  return newDoc(`${name}: details`, id, () => living(id, context, describe));
}

export function whyDoc(id: string, name: string, context: () => ColumnContext, keys: KeyMap): Doc {
  return newDoc(`${name}: why?`, id, () => living(id, context, (noun, now) => why(noun, now, keys)));
}

function living(
  id: string,
  context: () => ColumnContext,
  tell: (noun: Noun, context: ColumnContext) => DocLine[],
): DocLine[] {
  const { fleet } = context();
  const noun = fleet.find(id);
  if (noun) return tell(noun, context());
  const event = fleet.feed.all().find(event => event.id === id);
  return event ? whyEvent(event, fleet) : [{ text: 'It is gone.', tone: 'unknown' }];
}

const RAW_DEADLINE_MS = 8_000;

/**
 * The raw object as YAML, fetched when it is opened, or an event as it was told; `changed` is called when it is there or
 * has failed.
 */
export function rawDoc(subject: Noun | FeedEvent, { fleet }: ColumnContext, changed: () => void): Doc {
  if (!('kind' in subject)) {
    const event = { ...subject, at: new Date(subject.at), firstAt: new Date(subject.firstAt) };
    return yamlDoc(`${subject.subject}: the event`, subject.id, async () => event, changed);
  }
  const { name, kind, id } = subject;
  const ask = async () => {
    const source = fleet.source(subject.source);
    if (!source?.raw) throw new Error(`${subject.source} has no raw objects of this kind`);
    return source.raw(kind, id, AbortSignal.timeout(RAW_DEADLINE_MS));
  };
  const reveal = async (masked: Masked) => {
    const source = fleet.source(subject.source);
    if (!source?.reveal) throw new Error(`${subject.source} tells no masked values`);
    return source.reveal(kind, id, masked, AbortSignal.timeout(RAW_DEADLINE_MS));
  };
  const doc = yamlDoc(`${name}: as ${subject.source} has it`, id, ask, changed);
  return Object.assign(doc, { reveal, ...(kind === 'object' && { noun: subject }) });
}

function yamlDoc(title: string, about: string, ask: () => Promise<unknown>, changed: () => void): Doc {
  let lines: DocLine[] = [{ text: 'asking …', tone: 'dim' }];
  ask()
    .then(async object => {
      const { yamlLines } = await import('./yaml-lines.ts');
      lines = yamlLines(object);
    })
    .catch((error: unknown) => {
      lines = [{ text: printable(error instanceof Error ? error.message : String(error)), tone: 'bad' }];
    })
    .finally(changed);
  const doc: Doc = newDoc(title, about, () => withShown(lines, doc.shown));
  return doc;
}
