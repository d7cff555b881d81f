import type { Noun } from '../src/model/entity.ts';
import { emptiness } from '../src/screen/emptiness.ts';
import type { HeadLine } from '../src/screen/head-lines.ts';
import type { PaneName, Rect } from '../src/screen/layout.ts';
import { PANES } from '../src/screen/layout.ts';
import { PANE_TITLES, type PaneState } from '../src/screen/pane.ts';
import type { Screen } from '../src/screen/screen.ts';
import type { Window } from '../src/screen/shown.ts';
import { ageOfSource, doubtful, isBeingRead, sumOf, titleOf, worstOf } from '../src/screen/sums.ts';
import { fit, wrap } from '../src/stage/width.ts';
import { mark, paint, plain, staleMark, type Tone } from '../src/text/look.ts';
import { framed } from './frame.ts';
import { columnTitles, rowLine } from './row.ts';

/** A pane as lines: frame, column titles, rows, or why there are none. */
export function paneLines(screen: Screen, name: PaneName, { width, height }: Rect): string[] {
  const { ascii } = screen.options;
  const pane = screen.panes[name];
  const { framed: hasFrame, head, titled, rows: room } = screen.inside(name, height);
  const inner = hasFrame ? Math.max(0, width - 2) : width;
  const extra = head.map(line => headLine(line, inner, ascii));
  const window = screen.window(name, room);
  const rows =
    window.lines.length > 0 ? rowLines(screen, name, window, inner) : emptyLines(screen, name, window, inner);
  const { sum, tone } = rightOfTitle(screen, name, window);
  const lines = [...extra, ...(titled ? [columnTitles(pane, inner, ascii)] : []), ...rows];
  if (!hasFrame) return lines.slice(0, height).map(line => fit(line, width));
  return framed(lines, {
    width,
    height,
    title: `${PANES.indexOf(name) + 1} ${titleOf(name, pane, PANE_TITLES)} `,
    sum: plain(sum, ascii),
    sumTone: tone,
    more: moreAround(window, ascii),
    focused: screen.focus === name,
    ascii,
  });
}

/** How many rows stand above and below what is shown. */
function moreAround({ lines, top, list }: Window, ascii: boolean): string {
  const above = list.rowsBefore(top);
  const below = list.shown - list.rowsBefore(top + lines.length);
  const parts = [above > 0 ? `${ascii ? '^' : '↑'} ${above}` : '', below > 0 ? `${ascii ? 'v' : '↓'} ${below}` : ''];
  return above + below > 0 ? `${parts.filter(Boolean).join(' ')} more` : '';
}

function rightOfTitle(screen: Screen, name: PaneName, { list }: Window): { sum: string; tone: Tone | null } {
  const { fleet, ascii } = screen.options;
  const pane = screen.panes[name];
  const stale = doubtful(pane, fleet);
  const parts = [
    ...stale.map(source => `${staleMark(ascii)} ${source.name} ${source.phase} ${ageOfSource(source, fleet.now())}`),
    pane.filter ? `/ ${pane.filter}${list.filterError ? ' (not all understood)' : ''}` : '',
    sumOf(name, pane, list, fleet, screen.options.trends),
    isBeingRead(pane, fleet) ? 'being read' : '',
    pane.sort ? `sorted by ${pane.sort.title.toLowerCase()}` : '',
    pane.marks.size > 0 ? `${pane.marks.size} marked` : '',
    name === 'services' && screen.namespace ? `in ${screen.namespace}` : '',
    name === 'events' ? (screen.paused ? 'paused' : '') : '',
  ];
  return { sum: parts.filter(Boolean).join(' · '), tone: stale.length > 0 ? 'warn' : null };
}

function rowLines(screen: Screen, name: PaneName, window: Window, width: number): string[] {
  const pane = screen.panes[name];
  const stale = new Map(doubtful(pane, screen.options.fleet).map(source => [source.name, source.observedAt]));
  const context = screen.context();
  const focused = screen.focus === name && screen.docs.length === 0;
  return window.lines.map((line, index) => {
    const source = line.type === 'noun' ? line.noun.source : line.type === 'event' ? '' : sourceOf(window, index);
    const text = rowLine(line, pane.listed, {
      width,
      context,
      asOf: stale.get(source) ?? null,
      marked: pane.marks.has(line.id),
    });
    return focused && index === window.cursor ? paint('cursor', text) : text;
  });
}

function sourceOf({ lines }: Window, index: number): string {
  for (let at = index; at >= 0; at--) {
    const line = lines[at]!;
    if (line.type === 'noun') return line.noun.source;
  }
  return '';
}

function emptyLines(screen: Screen, name: PaneName, { list }: Window, width: number): string[] {
  const { keys, fleet, ascii } = screen.options;
  const words = emptiness(screen.panes[name], list, fleet, {
    namespace: screen.namespace,
    clearKey: keys.nameOf('back'),
    namespacesKey: keys.nameOf('all-namespaces'),
  });
  return words
    .flatMap(text => wrap(plain(text, ascii), Math.max(8, width - 4)))
    .map(text => paint('dim', fit(`  ${text}`, width)));
}

function headLine({ text, health, marked }: HeadLine, width: number, ascii: boolean): string {
  return paint(health, fit(`${marked ? mark(health, ascii) : '   '} ${plain(text, ascii)}`, width));
}

/** A pane as one line: what is worst in it, or its sum. */
export function summaryLine(screen: Screen, name: PaneName, width: number): string {
  const { fleet, ascii } = screen.options;
  const pane = screen.panes[name];
  const list = screen.list(name);
  const worst = worstOf(name, list);
  const title = paint('title', fit(`${PANES.indexOf(name) + 1} ${PANE_TITLES[name]}`, 17));
  const stale = doubtful(pane, fleet)[0];
  const age = stale ? ` (as of ${ageOfSource(stale, fleet.now())} ago)` : '';
  const sum = sumOf(name, pane, list, fleet, screen.options.trends);
  const text =
    list.height === 0
      ? emptyWords(screen, pane, name)
      : (lastEvent(screen, name) ?? [sum, worst && told(worst)].filter(Boolean).join(': '));
  const sign = worst
    ? paint(worst.health, mark(worst.health, ascii))
    : list.height === 0 || name === 'events'
      ? ' '
      : stale
        ? paint('warn', staleMark(ascii))
        : paint('ok', mark('ok', ascii));
  return fit(`${title} ${sign} ${plain(text, ascii)}${age}`, width);
}

const told = (noun: Noun) => `${noun.name} ${noun.reason ?? noun.health}`;

function emptyWords(screen: Screen, pane: PaneState, name: PaneName): string {
  const { keys, fleet } = screen.options;
  const options = {
    namespace: screen.namespace,
    clearKey: keys.nameOf('back'),
    namespacesKey: keys.nameOf('all-namespaces'),
  };
  return emptiness(pane, screen.list(name), fleet, options).join(' · ');
}

function lastEvent(screen: Screen, name: PaneName): string | null {
  const line = name === 'events' ? screen.list('events').slice(0, 1)[0] : undefined;
  return line?.type === 'event' ? `${line.event.subject} ${line.event.reason}: ${line.event.message}` : null;
}
