import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layout, PANES, type Rect } from '../../src/screen/layout.ts';

const sizes = fc.record({
  columns: fc.integer({ min: 1, max: 500 }),
  rows: fc.integer({ min: 1, max: 200 }),
  focus: fc.constantFrom(...PANES),
  zoomed: fc.boolean(),
  banner: fc.boolean(),
});

it('puts every rectangle on the screen and lets none overlap, at any size', () => {
  fc.assert(
    fc.property(sizes, ({ columns, rows, ...mode }) => {
      const { header, footer, banner, panes, summaries } = layout(columns, rows, mode);
      const all = [header, footer, banner, ...Object.values(panes), ...Object.values(summaries)].filter(
        (rect): rect is Rect => rect !== null,
      );
      for (const [index, rect] of all.entries()) {
        expect(isInside(rect, columns, rows)).toBe(true);
        expect(all.slice(index + 1).some(other => overlap(rect, other))).toBe(false);
      }
      expect(panes[mode.focus]).toBeDefined();
    }),
  );
});

it('shows all panes when there is room, one and four lines at 80×24, and one alone when it is small', () => {
  const mode = { focus: 'services', zoomed: false, banner: false } as const;
  expect(Object.keys(layout(200, 50, mode).panes)).toHaveLength(5);
  expect(Object.keys(layout(80, 24, mode).summaries)).toHaveLength(4);
  expect(layout(40, 10, mode)).toMatchObject({ panes: { services: { height: 8 } }, summaries: {}, bare: false });
  expect(layout(20, 5, mode)).toMatchObject({ panes: { services: { height: 3 } }, summaries: {}, bare: true });
});

function isInside({ left, top, width, height }: Rect, columns: number, rows: number): boolean {
  return left >= 0 && top >= 0 && width >= 0 && height >= 0 && left + width <= columns && top + height <= rows;
}

function overlap(a: Rect, b: Rect): boolean {
  const apart = (from: number, length: number, other: number, otherLength: number) =>
    from + length <= other || other + otherLength <= from;
  return !apart(a.left, a.width, b.left, b.width) && !apart(a.top, a.height, b.top, b.height);
}
