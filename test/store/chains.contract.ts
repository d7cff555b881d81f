import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Chains, checkChains, Fork, feed, hashOf, type Link, linksOf } from '../../src/store/chain.ts';
import { chain, writer } from '../helpers/chains.ts';

export interface Place {
  /** The same chains, as two programs have them. */
  one: Chains;
  other: Chains;
  /** Does this to the rows behind their backs; `$rows` stands for the name of their table. */
  tamper(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** What must be so wherever journals are kept together. `open` gives an empty place. */
export function chainsContract(open: () => Promise<Place>): void {
  let place: Place;
  beforeEach(async () => {
    place = await open();
  });
  afterEach(() => place.close());

  const all = async (of: Chains, id: string) => Array.fromAsync(linksOf(of, id));
  const ana = writer();
  const bob = writer('bob', 'laptop');

  describe('records', () => {
    it('there are none at first', async () => {
      expect(await place.one.heads()).toEqual([]);
      expect(await place.one.after(ana.id, 0)).toEqual([]);
      expect(await checkChains(place.one)).toEqual([]);
    });

    it('come back as they were, in order, however many they are', async () => {
      const links = chain(120);
      await place.one.add(ana, links);
      expect(await all(place.other, ana.id)).toEqual(links);
      expect(await place.other.heads()).toEqual([{ ...ana, seq: 120, hash: links.at(-1)!.hash }]);
      expect((await place.other.after(ana.id, 118)).map(({ seq }) => seq)).toEqual([119, 120]);
    });

    it('of several writers stand apart', async () => {
      await place.one.add(ana, chain(2));
      await place.other.add(bob, chain(3, 'b'));
      expect((await place.one.heads()).map(({ login, host, seq }) => `${login}@${host} ${seq}`).sort()).toEqual([
        'ana@bastion 2',
        'bob@laptop 3',
      ]);
    });

    it('that are there already are not added again', async () => {
      const links = chain(5);
      await place.one.add(ana, links.slice(0, 3));
      await place.one.add(ana, links.slice(0, 3));
      await place.one.add(ana, links.slice(1));
      expect(await all(place.one, ana.id)).toEqual(links);
    });
  });

  describe('refuses, and keeps what is there', () => {
    const links = chain(3);
    const next = chain(2, 'a', links);
    const forged = (link: Link, more: Partial<Link>) => ({ ...link, ...more });
    it.each<[string, Link[], number, RegExp]>([
      ['another record under a number that is taken', chain(3, 'x'), 1, /another one is there already/],
      ['a record that follows on another', chain(1, 'x', chain(3, 'x')), 4, /not as it was written/],
      ['records after a hole', next.slice(1), 5, /record 4 is not there/],
      ['a hole in what is given', [links[2]!, next[1]!], 5, /record 4 is missing/],
      ['a record whose text was changed', [forged(next[0]!, { body: '{"id":"a4","at":4000}' })], 4, /not as it was/],
      ['a record whose time was changed', [forged(next[0]!, { at: 1 })], 4, /index was changed/],
      ['what is no JSON', [jsonless(links)], 4, /index was changed/],
      ['a good one before a bad one', [next[0]!, forged(next[1]!, { body: '{}' })], 5, /not as it was written/],
    ])('%s', async (_, given, record, why) => {
      await place.one.add(ana, links);
      const refusal = await place.other.add(ana, given).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Fork);
      expect(refusal).toMatchObject({ record, why: expect.stringMatching(why), writer: { login: 'ana' } });
      expect(await all(place.one, ana.id)).toEqual(links);
    });

    it('a chain that does not begin at its beginning', async () => {
      await expect(place.one.add(ana, links.slice(1))).rejects.toThrow(Fork);
      expect(await place.one.heads()).toEqual([]);
    });
  });

  describe('two programs at once', () => {
    it('that add the same: it is there once', async () => {
      const links = chain(20);
      const both = [place.one, place.other].map(async chains => {
        for (let at = 0; at < links.length; at += 4) await chains.add(ana, links.slice(at, at + 4));
      });
      await Promise.all(both);
      expect(await all(place.one, ana.id)).toEqual(links);
    });

    it('that add two histories under one name: one is there, the other is told', async () => {
      const begun = chain(1);
      await place.one.add(ana, begun);
      const outcomes = await Promise.allSettled([
        place.one.add(ana, chain(3, 'x', begun)),
        place.other.add(ana, chain(3, 'y', begun)),
      ]);
      const [refused] = outcomes.filter(outcome => outcome.status === 'rejected');
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(refused?.reason).toBeInstanceOf(Fork);
      expect(await checkChains(place.one)).toEqual([{ writer: ana, records: 4, broken: null }]);
    });
  });

  describe('a look along all chains', () => {
    it.each([
      ['a word of a record', `UPDATE $rows SET body = replace(body, '"a"', '"b"') WHERE seq = 2`, 2],
      ['a record’s time', 'UPDATE $rows SET at = at + 1 WHERE seq = 2', 2],
      ['a record taken away', 'DELETE FROM $rows WHERE seq = 2', 3],
      ['the first taken away', 'DELETE FROM $rows WHERE seq = 1', 2],
      ['another phase', "UPDATE $rows SET phase = 'ending' WHERE seq = 3", 3],
    ])('finds %s, and names whose it is', async (_, change, record) => {
      await place.one.add(ana, chain(4));
      await place.tamper(change);
      await place.one.add(bob, chain(2, 'b'));
      const checked = await checkChains(place.other);
      expect(checked.find(({ writer }) => writer.id === ana.id)?.broken).toMatchObject({ record });
      expect(checked.find(({ writer }) => writer.id === bob.id)).toEqual({ writer: bob, records: 2, broken: null });
    });

    it('finds a chain that was made anew, beside a copy of it', async () => {
      const elsewhere = await open();
      await elsewhere.one.add(ana, chain(4));
      await place.one.add(ana, chain(2));
      await place.one.add(ana, chain(2, 'x', chain(2)));
      expect(await checkChains(place.one, elsewhere.one)).toMatchObject([
        { broken: { record: 3, why: 'this machine has kept another one' } },
      ]);
      await elsewhere.close();
    });

    it('finds what was taken from its end, beside a copy of it', async () => {
      const elsewhere = await open();
      await elsewhere.one.add(ana, chain(4));
      await elsewhere.one.add(bob, chain(2, 'b'));
      await place.one.add(ana, chain(3));
      const checked = await checkChains(place.one, elsewhere.one);
      expect(checked.find(({ writer }) => writer.id === ana.id)?.broken).toMatchObject({ record: 4 });
      expect(checked.find(({ writer }) => writer.id === bob.id)).toMatchObject({ records: 0, broken: { record: 1 } });
      await elsewhere.close();
    });
  });

  describe('one place feeds another', () => {
    it('with what it lacks, and mends what was lost there', async () => {
      const elsewhere = await open();
      const links = chain(60);
      await place.one.add(ana, links);
      expect(await feed(place.one, elsewhere.one)).toEqual([]);
      expect(await all(elsewhere.one, ana.id)).toEqual(links);
      await place.tamper('DELETE FROM $rows WHERE seq > 20');
      expect(await feed(elsewhere.one, place.one)).toEqual([]);
      expect(await all(place.one, ana.id)).toEqual(links);
      await elsewhere.close();
    });

    it('tells what does not fit together, and gives the rest', async () => {
      const elsewhere = await open();
      await elsewhere.one.add(ana, chain(3, 'x'));
      await place.one.add(ana, chain(5));
      await place.one.add(bob, chain(2, 'b'));
      expect(await feed(place.one, elsewhere.one)).toMatchObject([{ writer: { login: 'ana' }, record: 4 }]);
      expect((await all(elsewhere.one, ana.id)).map(({ id }) => id)).toEqual(['x1', 'x2', 'x3']);
      expect((await all(elsewhere.one, bob.id)).length).toBe(2);
      await elsewhere.close();
    });
  });
}

/** A record that follows, and that no program of ours has written. */
function jsonless(before: readonly Link[]): Link {
  const fields = { seq: 4, id: 'a4', phase: 'intent', at: 4000, body: 'no JSON' };
  return { ...fields, hash: hashOf(before.at(-1)!.hash, fields) };
}
