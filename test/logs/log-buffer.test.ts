import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogBuffer, type LogEntry } from '../../src/logs/log-buffer.ts';

const line = (text: string, more: Partial<LogEntry> = {}): LogEntry => ({
  at: 1,
  replica: 'web-1',
  container: null,
  error: false,
  text,
  folded: null,
  mark: null,
  ...more,
});
const texts = (buffer: LogBuffer) => buffer.slice(0, buffer.size).map(({ text }) => text);

describe('what is kept of a log', () => {
  it('is bounded in lines and characters, and what went is counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ maxLength: 30 }), { maxLength: 40 })),
        fc.record({ lines: fc.integer({ min: 1, max: 50 }), characters: fc.integer({ min: 30, max: 400 }) }),
        (batches, bounds) => {
          const buffer = new LogBuffer(bounds);
          for (const batch of batches) buffer.add(batch.map(text => line(text)));
          const all = batches.flat();
          expect(buffer.kept).toBeLessThanOrEqual(bounds.lines);
          expect(texts(buffer).join('').length).toBeLessThanOrEqual(bounds.characters);
          // The newest, in order, and not one is lost without being counted.
          expect(texts(buffer)).toEqual(all.slice(all.length - buffer.kept));
          expect(buffer.dropped + buffer.kept).toBe(all.length);
        },
      ),
    );
  });

  it('shows with a filter exactly what passes, whenever the filter was set', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(), fc.string({ maxLength: 1 }), (lines, at, wanted) => {
        const cut = at % (lines.length + 1);
        const buffer = new LogBuffer({ lines: 20, characters: 10_000 });
        buffer.add(lines.slice(0, cut).map(text => line(text)));
        buffer.filter(({ text }) => text.includes(wanted));
        for (const text of lines.slice(cut)) buffer.add([line(text)]);
        const filtered = texts(buffer);
        buffer.filter(null);
        expect(filtered).toEqual(texts(buffer).filter(text => text.includes(wanted)));
      }),
    );
  });

  it('keeps marks in sight whatever the filter', () => {
    const buffer = new LogBuffer();
    buffer.filter(() => false);
    buffer.add([line('one'), line('lines may be missing', { mark: 'gap' }), line('two')]);
    expect(texts(buffer)).toEqual(['lines may be missing']);
  });

  it('finds the nearest line that passes, in both directions', () => {
    const buffer = new LogBuffer();
    buffer.add(['a', 'error 1', 'b', 'error 2', 'c'].map(text => line(text)));
    const isError = ({ text }: LogEntry) => text.startsWith('error');
    expect(buffer.find(4, -1, isError)).toBe(3);
    expect(buffer.find(2, -1, isError)).toBe(1);
    expect(buffer.find(4, 1, isError)).toBeNull();
  });
});
