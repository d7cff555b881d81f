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
  cephfs: 'cfs',
  http: 'http',
  host: 'host',
};

/** Which platform, how it is, how each source is, and the time. */
export function headerLine(screen: Screen, { title, width, clock, slow }: HeaderOptions): string {
  const { fleet, ascii } = screen.options;
  const all = fleet.sources();
  const wide = width >= 110;
  const time = clock === 'off' ? '' : clockTime(fleet.now(), clock === 'seconds');
  const right = [
    slow ? paint('warn', 'slow line') : '',
    all.map(source => told(source, screen, width)).join(' '),
    time,
  ].filter(Boolean);
  const rightText = right.join(wide ? '   ' : '  ');
  const room = Math.max(0, width - textWidth(rightText) - 2);
  // Where there is no room for both, how it is matters more than how it is called.
  const name = width >= 60 ? `${paint('title', plain(title, ascii))}  ` : '';
  const left = fit(` ${name}${overall(screen)}`, room);
  return fit(`${left} ${rightText} `, width);
}

function overall(screen: Screen): string {
  const { fleet, ascii } = screen.options;
  const all = problems(fleet);
  const bad = all.filter(({ health }) => health === 'bad').length;
  const warn = all.length - bad;
  const known = fleet.sources().some(({ observedAt }) => observedAt !== null);
  if (!known) return '';
  const silent = fleet.sources().filter(({ phase }) => phase === 'stale' || phase === 'refused');
  if (all.length === 0 && silent.length > 0) {
    return paint('warn', `${staleMark(ascii)} ${silent.map(({ name }) => name).join(', ')}: not known now`);
  }
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
  const age = source.phase === 'stale' ? ` ${ageOfSource(source, fleet.now())}` : '';
  // Where the keys will act is pinned by name and always in sight, when there is room.
  const where = width >= 160 && source.target ? ` ${source.target.split(' · ')[0]}` : '';
  return `${name}${width >= 110 ? ' ' : ''}${paint(tone, `${sign}${age}`)}${paint('dim', where)}`;
}
