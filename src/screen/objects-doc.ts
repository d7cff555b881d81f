import type { Fleet } from '../fleet/fleet.ts';
import type { KubeObject } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import type { ObjectKind, ObjectTable } from '../sources/catalogue.ts';
import { fit, textWidth } from '../stage/width.ts';
import { clockTime } from '../text/format.ts';
import { type Doc, newDoc } from './doc.ts';
import type { DocLine } from './document.ts';
import type { ObjectsOf } from './object-kinds.ts';

const DEADLINE_MS = 8_000;

interface Means {
  fleet: Fleet;
  namespace: string | null;
  /** Opens one of them. */
  open(object: KubeObject): void;
  changed(): void;
}

/** The objects of one kind as the system prints them, asked for when it is opened. */
export function objectsDoc({ source, kind }: ObjectsOf, { fleet, namespace, open, changed }: Means): Doc {
  const where = kind.namespaced ? ` · ${namespace ?? 'all namespaces'}` : '';
  let lines: DocLine[] = [{ text: 'asking …', tone: 'dim' }];
  const doc = newDoc(`${kind.resource} · ${source}${where}`, null, () => lines);
  const ask = async () => {
    const catalogue = fleet.source(source)?.catalogue?.();
    if (!catalogue) throw new Error(`${source} is not connected yet`);
    return catalogue.list(kind, kind.namespaced ? namespace : null, AbortSignal.timeout(DEADLINE_MS));
  };
  ask()
    .then(table => {
      lines = linesOf(table, kind, { isWide: kind.namespaced && namespace === null, open, now: fleet.now() });
      // On the first of them, not on the titles.
      if (doc.line === 0 && table.rows.length > 0) doc.line = 1;
    })
    .catch((error: unknown) => {
      lines = [{ text: printable(error instanceof Error ? error.message : String(error)), tone: 'bad' }];
    })
    .finally(changed);
  return doc;
}

function linesOf(
  { columns, rows, more }: ObjectTable,
  kind: ObjectKind,
  { isWide, open, now }: { isWide: boolean; open(object: KubeObject): void; now: number },
): DocLine[] {
  if (rows.length === 0) return [{ text: `None: there is no ${kind.type} here.`, tone: 'dim' }];
  const head = [...(isWide ? ['Namespace'] : []), ...columns].map(column => column.toUpperCase());
  const cells = rows.map(row => [...(isWide ? [row.object.namespace ?? ''] : []), ...row.cells]);
  const widths = head.map((title, at) => Math.max(textWidth(title), ...cells.map(row => textWidth(row[at] ?? ''))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => fit(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    { text: line(head), tone: 'title' },
    ...rows.map(({ object }, at) => ({ text: line(cells[at] ?? []), noun: object, run: () => open(object) })),
    { text: '' },
    {
      text: `${more ? `the first ${rows.length}` : rows.length} as printed at ${clockTime(now)}: it is not watched`,
      tone: 'dim',
    },
  ];
}
