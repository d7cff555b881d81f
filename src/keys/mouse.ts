export type MouseEvent =
  | { type: 'click'; column: number; row: number }
  | { type: 'wheel'; column: number; row: number; by: number };

const LINES_PER_WHEEL = 3;
/**
 * SGR mouse reports as xterm writes them: `CSI < button ; column ; row M`, both from 1; `m` is a release. Of one whose
 * rest came too late the Esc has been given away as a key: the next read begins with the rest.
 */
const REPORT = /(?:\x1b|^)\[<(\d+);(\d+);(\d+)([Mm])/g;
/** What may be the begin of a report of which the rest comes with the next read. */
const BEGUN = /\x1b(\[(<[\d;]*)?)?$|^\[<[\d;]*$/;

/**
 * Takes the mouse reports out of what a terminal sent. Columns and rows count from 0. `begun` is to stand before what
 * comes next: it is a key (Esc) or the begin of one only when nothing comes within a moment.
 */
export function takeMouse(text: string): { events: MouseEvent[]; rest: string; begun: string } {
  const events: MouseEvent[] = [];
  const whole = text.replace(REPORT, (_, button: string, column: string, row: string, end: string) => {
    const at = { column: Number(column) - 1, row: Number(row) - 1 };
    if (button === '64') events.push({ type: 'wheel', ...at, by: -LINES_PER_WHEEL });
    if (button === '65') events.push({ type: 'wheel', ...at, by: LINES_PER_WHEEL });
    if (button === '0' && end === 'M') events.push({ type: 'click', ...at });
    return '';
  });
  const begun = BEGUN.exec(whole)?.[0] ?? '';
  return { events, rest: whole.slice(0, whole.length - begun.length), begun };
}
