import { problems } from '../src/fleet/problems.ts';
import type { Screen } from '../src/screen/screen.ts';
import { ageOfSource } from '../src/screen/sums.ts';
import type { SourceKind, SourceState } from '../src/sources/source.ts';
import { fit, textWidth } from '../src/stage/width.ts';
import { clockTime } from '../src/text/format.ts';
import { mark, paint, phaseMark, plain, staleMark } from '../src/text/look.ts';

export interface HeaderOptions {
  title: string;
  width: number;
  clock: 'off' | 'minutes' | 'seconds';
  /** The terminal takes what is written slowly. */
  slow: boolean;
}

const SHORT: Record<SourceKind, string> = {
  kubernetes: 'k8s',
  swarm: 'swm',
  postgres: 'pg',
  mariadb: 'mdb',
  cephfs: 'cfs',
  http: 'http',
  host: 'host',
};

/** Which platform, how it is, how each source is, and the time. What has no room is left out from the least useful on. */
export function headerLine(screen: Screen, { title, width, clock, slow }: HeaderOptions): string {
  const { fleet, ascii, banner } = screen.options;
  const gap = width >= 110 ? '   ' : '  ';
  const time = clock === 'off' ? '' : clockTime(fleet.now(), clock === 'seconds');
  const name = paint('title', plain(title, ascii));
  // Where there is no banner to say it, the header says that nothing is real.
  const demo = banner && !screen.layout().banner ? paint('demo', 'demo') : '';
  const line = slow ? paint('warn', 'slow line') : '';
  const health = overall(screen);
  const sources = fleet
    .sources()
    .map(source => told(source, screen, width))
    .join(' ');
  for (const [named, timed] of [
    [name, time],
    [name, ''],
    ['', ''],
  ]) {
    const left = ` ${[demo, named, health].filter(Boolean).join('  ')}`;
    const right = `${[line, sources, timed].filter(Boolean).join(gap)} `;
    const room = width - textWidth(right) - 1;
    if (textWidth(left) <= room) return `${fit(left, room)} ${right}`;
  }
  return fit([demo, health, sources].filter(Boolean).join(' '), width);
}

/** A first answer that takes longer counts as none. */
const FIRST_ANSWER_MS = 10_000;

function isSilent({ phase, since }: SourceState, now: number): boolean {
  return phase === 'stale' || phase === 'refused' || (phase === 'connecting' && now - since > FIRST_ANSWER_MS);
}

function overall(screen: Screen): string {
  const { fleet, ascii } = screen.options;
  const all = problems(fleet);
  const bad = all.filter(({ health }) => health === 'bad').length;
  const warn = all.length - bad;
  const silent = fleet.sources().filter(source => isSilent(source, fleet.now()));
  if (all.length === 0 && silent.length > 0) {
    return paint('warn', `${staleMark(ascii)} ${silent.map(({ name }) => name).join(', ')}: not known now`);
  }
  if (fleet.sources().every(({ observedAt }) => observedAt === null)) return '';
  const connecting = fleet.sources().some(({ phase }) => phase === 'connecting');
  if (all.length === 0 && connecting) return paint('busy', `${mark('busy', ascii)} nothing known is wrong so far`);
  if (all.length === 0) return paint('ok', `${mark('ok', ascii)} nothing known is wrong`);
  const parts = [
    bad > 0 ? paint('bad', `${mark('bad', ascii)} ${bad} bad`) : '',
    warn > 0 ? paint('warn', `${mark('warn', ascii)} ${warn} warn`) : '',
  ];
  return parts.filter(Boolean).join('  ');
}

function told(source: SourceState, screen: Screen, width: number): string {
  const { ascii, fleet } = screen.options;
  const { mark: sign, tone } = phaseMark(source.phase, ascii);
  const name = width >= 110 ? source.name : SHORT[source.kind];
  const age = source.phase === 'stale' ? ` ${ascii ? '>' : '≥'}${ageOfSource(source, fleet.now())}` : '';
  // Where the keys will act is pinned by name and always in sight, when there is room.
  const where = width >= 160 && source.target ? ` ${source.target.split(' · ')[0]}` : '';
  return `${name}${width >= 110 ? ' ' : ''}${paint(tone, `${sign}${age}`)}${paint('dim', where)}`;
}
