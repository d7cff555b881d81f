import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LogPosition, stamped } from '../../src/sources/logs.ts';

/** Stamps as a server gives them out: never going back, several lines with the same. */
const log = fc.array(fc.nat({ max: 2 }), { maxLength: 40 }).map(steps => {
  let at = Date.UTC(2026, 10, 23);
  return steps.map((step, index) => {
    at += step;
    return { stamp: `${new Date(at).toISOString().slice(0, 23)}000000Z`, text: `line ${index}` };
  });
});

it('tells each line once and none not at all, wherever the stream breaks and however often', () => {
  fc.assert(
    fc.property(log, fc.array(fc.nat({ max: 8 })), (lines, breaks) => {
      const position = new LogPosition();
      const told: string[] = [];
      for (const cut of [...breaks, lines.length]) {
        position.resume();
        const { stamp } = position;
        // The server sends everything from the stamp on, this one included.
        const sent = lines.filter(line => stamp === null || line.stamp >= stamp);
        for (const { stamp, text } of sent.slice(0, cut)) if (position.isNew(stamp)) told.push(text);
      }
      position.resume();
      for (const { stamp, text } of lines.filter(line => line.stamp >= (position.stamp ?? ''))) {
        if (position.isNew(stamp)) told.push(text);
      }
      expect(told).toEqual(lines.map(({ text }) => text));
    }),
  );
});

it('tells what is written later with an earlier stamp, as of two streams at the same time', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(Array.from({ length: 20 }, (_, index) => index)), order => {
      const position = new LogPosition();
      position.resume();
      const stamps = order.map(at => `${new Date(at).toISOString().slice(0, 23)}000000Z`);
      expect(stamps.filter(stamp => position.joins(stamp) && position.isNew(stamp))).toEqual(stamps);
    }),
  );
});

it('says when the lines after a break do not join on to those before it', () => {
  fc.assert(
    fc.property(log, fc.nat(), fc.nat(), (lines, cut, lost) => {
      const position = new LogPosition();
      const before = lines.slice(0, cut % (lines.length + 1));
      for (const { stamp } of before) {
        expect(position.joins(stamp)).toBe(true);
        position.isNew(stamp);
      }
      position.resume();
      const { stamp: last } = position;
      // The server has no longer what stood in front.
      const sent = lines.slice(lost % (lines.length + 1)).filter(({ stamp }) => last === null || stamp >= last);
      const [first, ...rest] = sent;
      if (first) expect(position.joins(first.stamp)).toBe(last === null || first.stamp === last);
      for (const { stamp } of rest) expect(position.joins(stamp)).toBe(true);
    }),
  );
});

it('reads stamps that Go wrote with fewer digits as what they are', () => {
  expect(stamped('2026-11-23T14:02:58.5Z hello world')).toEqual({
    stamp: '2026-11-23T14:02:58.500000000Z',
    at: Date.UTC(2026, 10, 23, 14, 2, 58, 500),
    text: 'hello world',
  });
  expect(stamped('2026-11-23T14:02:58Z')?.stamp).toBe('2026-11-23T14:02:58.000000000Z');
  expect(stamped('no stamp here')).toBeNull();
});
