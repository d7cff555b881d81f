import { createHash } from 'node:crypto';
import { printable } from '../model/printable.ts';

/** A record of a journal. Its hash goes over itself and the hash of the record before it. */
export interface Link {
  /** From 1, without a gap. */
  seq: number;
  /** Of the deed or run that it belongs to. */
  id: string;
  /** What it tells of that: `intent`, `ending` … */
  phase: string;
  /** Milliseconds since 1970. */
  at: number;
  /** JSON; has `id` and `at` as well. */
  body: string;
  hash: string;
}

export interface Chain {
  records: number;
  /** The first record that is not as it was written, or that follows on another than the one before it. */
  broken: { record: number; why: string } | null;
}

/** The hash of a record that follows on the one with the hash `before`; '' before the first. */
export function hashOf(before: string, { seq, phase, body }: Pick<Link, 'seq' | 'phase' | 'body'>): string {
  return createHash('sha256').update([before, seq, phase, body].join('\n')).digest('hex');
}

/** Looks along a chain, from its first record. */
export class ChainCheck implements Chain {
  records = 0;
  broken: Chain['broken'] = null;
  #hash = '';

  /** The next record. Returns whether the chain is whole so far. */
  take(link: Link): boolean {
    this.records++;
    const why = link.seq === this.records ? faultOf(link, this.#hash) : `record ${this.records} is missing`;
    if (why !== null) this.fail(link.seq, why);
    this.#hash = link.hash;
    return this.broken === null;
  }

  /** Only the first fault is kept. */
  fail(record: number, why: string): void {
    this.broken ??= { record, why };
  }
}

/** Why a record cannot be the one that was written after the one with the hash `before`; null: it is. */
export function faultOf(link: Link, before: string): string | null {
  if (hashOf(before, link) !== link.hash) return 'it is not as it was written';
  return isIndexed(link) ? null : 'its index was changed';
}

function isIndexed({ body, id, at }: Link): boolean {
  try {
    const record = JSON.parse(body) as { id?: unknown; at?: unknown } | null;
    return record?.id === id && record.at === at;
  } catch {
    return false; // whoever wrote that had a hash for it
  }
}

/** Whose journal a chain is. */
export interface Writer {
  /** Random; made once for each store. */
  id: string;
  login: string;
  host: string;
}

/** The last record of a chain. */
export interface Head extends Writer {
  seq: number;
  hash: string;
}

/** Several journals in one place: here, or in the team's store. Only ever added to. */
export interface Chains {
  /** Of every chain that has a record. */
  heads(): Promise<Head[]>;
  /** The next records after `seq`, in their order; none: there are no more. */
  after(writer: string, seq: number): Promise<Link[]>;
  /** Adds what is not there yet. Throws a Fork, and adds nothing, where one does not follow on what is there. */
  add(writer: Writer, links: readonly Link[]): Promise<void>;
}

/** A record that does not follow on those that are there: two histories under one name, a hole, or a forged one. */
export class Fork extends Error {
  override name = 'Fork';
  readonly writer: Writer;
  readonly record: number;
  readonly why: string;

  constructor(writer: Writer, record: number, why: string) {
    super(`journal of ${writerName(writer)}, record ${record}: ${why}`);
    this.writer = writer;
    this.record = record;
    this.why = why;
  }
}

/** "ana@bastion-2". */
export const writerName = ({ login, host }: Writer): string => printable(`${login}@${host}`, 80);

/**
 * Those of `links` that are not there yet. Throws a Fork.
 *
 * @param there hashes by number: of the record before the first of `links`, and of all from there on
 */
export function newLinks(writer: Writer, links: readonly Link[], there: ReadonlyMap<number, string>): Link[] {
  const first = links[0]?.seq ?? 1;
  let before = first === 1 ? '' : there.get(first - 1);
  if (before === undefined) throw new Fork(writer, first, `record ${first - 1} is not there`);
  return links.filter((link, index) => {
    const { seq, hash } = link;
    const known = there.get(seq);
    if (known !== undefined && known !== hash) throw new Fork(writer, seq, 'another one is there already');
    const why = seq === first + index ? faultOf(link, before ?? '') : `record ${first + index} is missing`;
    if (why !== null) throw new Fork(writer, seq, why);
    before = hash;
    return known === undefined;
  });
}

export async function* linksOf(chains: Chains, writer: string): AsyncGenerator<Link> {
  for (let seq = 0; ; ) {
    const links = await chains.after(writer, seq);
    yield* links;
    const last = links.at(-1);
    if (!last) return;
    seq = last.seq;
  }
}

/** Gives `to` what it lacks of the chains in `from`. Returns those that do not fit together; they stay as they are. */
export async function feed(from: Chains, to: Chains): Promise<Fork[]> {
  const there = new Map((await to.heads()).map(head => [head.id, head]));
  const forks: Fork[] = [];
  for (const head of await from.heads()) {
    const known = there.get(head.id);
    if (known && known.seq === head.seq && known.hash !== head.hash) {
      forks.push(new Fork(head, head.seq, 'another one is there already'));
    }
    if (known && known.seq >= head.seq) continue;
    try {
      await handOn(head, known?.seq ?? 0, from, to);
    } catch (error) {
      if (!(error instanceof Fork)) throw error;
      forks.push(error);
    }
  }
  return forks;
}

async function handOn(writer: Head, since: number, from: Chains, to: Chains): Promise<void> {
  for (let seq = since; ; ) {
    const links = await from.after(writer.id, seq);
    const last = links.at(-1);
    if (!last) return;
    await to.add(writer, links);
    seq = last.seq;
  }
}

export interface CheckedChain extends Chain {
  writer: Writer;
}

/** Looks along every chain. With `kept`, what stands there too must be the same, so that a chain that was made anew shows. */
export async function checkChains(chains: Chains, kept?: Chains): Promise<CheckedChain[]> {
  const writers = new Map<string, Writer>();
  for (const head of [...((await kept?.heads()) ?? []), ...(await chains.heads())]) writers.set(head.id, head);
  const checked: CheckedChain[] = [];
  for (const { id, login, host } of writers.values()) {
    const check = new ChainCheck();
    const own = kept && linksOf(kept, id);
    for await (const link of linksOf(chains, id)) {
      const same = (await own?.next())?.value;
      if (same && same.hash !== link.hash) check.fail(link.seq, 'this machine has kept another one');
      if (!check.take(link)) break;
    }
    const more = check.broken ? null : (await own?.next())?.value;
    if (more) check.fail(more.seq, 'it is missing, and this machine has it');
    checked.push({ writer: { id, login, host }, records: check.records, broken: check.broken });
  }
  return checked;
}
