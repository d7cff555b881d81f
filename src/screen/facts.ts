import type { Fleet } from '../fleet/fleet.ts';
import type { Directory, Health, Node, Noun } from '../model/entity.ts';
import { percent } from '../model/health/verdict.ts';
import type { SourceState } from '../sources/source.ts';
import { count, dateTime, elapsed, percentText } from '../text/format.ts';
import { measuresOf } from '../trends/metrics.ts';
import { fullWords } from '../trends/words.ts';
import type { Column, ColumnContext } from './columns/column.ts';
import { TABLES } from './columns/tables.ts';

/** In the place of a limit that is not set. */
export const NO_LIMIT = 'none';

/** Something that is known of a noun: what it is called and how it reads. */
export type Fact = [label: string, value: string];

/** All that is known of a noun: what its columns say, and what no column has room for. */
export function factsOf(noun: Noun, given: ColumnContext): Fact[] {
  const context = asKnown(noun, given);
  const columns = (TABLES[noun.kind] as readonly Column<Noun>[])
    .filter(({ picture }) => !picture)
    .map((column): Fact => [column.title.toLowerCase(), column.text(noun, context).trim()]);
  return [...columns, ...special(noun, context), ...outlooks(noun, context)];
}

/** The context in which a noun is told: as of the last word of its source, when that cannot be believed now. */
export function asKnown({ source }: Noun, context: ColumnContext): ColumnContext {
  const doubted = doubtedSource(source, context.fleet);
  return doubted ? { ...context, now: doubted.observedAt ?? doubted.since, atLeast: true } : context;
}

/** The tone of a noun: of what is not heard of, nobody can say that it is well. */
export function toneOf({ source, health }: Pick<Noun, 'source' | 'health'>, fleet: Fleet): Health {
  return doubtedSource(source, fleet) && health !== 'bad' && health !== 'warn' ? 'unknown' : health;
}

function doubtedSource(source: string, fleet: Fleet): SourceState | undefined {
  return fleet.sources().find(({ name, phase }) => name === source && (phase === 'stale' || phase === 'refused'));
}

/** When something was, and how long ago. */
export const moment = (at: number, { now, atLeast }: ColumnContext): string =>
  `${dateTime(at)} (${atLeast ? '≥ ' : ''}${elapsed(now - at)} ago)`;

function special(noun: Noun, context: ColumnContext): Fact[] {
  const pairs: [label: string, value: string | null][] = [];
  const at = (time: number | null) => (time === null ? null : moment(time, context));
  if ('message' in noun) pairs.push(['message', noun.message]);
  switch (noun.kind) {
    case 'node':
      pairs.push(['state', stateOf(noun)], ['pressures', noun.pressures.join(', ')]);
      break;
    case 'workload':
      pairs.push(['rollout', noun.rollout ? `${noun.rollout.state} ${noun.rollout.message ?? ''}`.trim() : null]);
      pairs.push(['strategy', noun.strategy], ['managed by', noun.managedBy]);
      pairs.push(['failed', noun.failed ? String(noun.failed) : null], ['last run', at(noun.lastRunAt)]);
      break;
    case 'replica':
      pairs.push(['exit code', noun.exitCode === null ? null : String(noun.exitCode)]);
      pairs.push(['last restart', at(noun.lastRestartAt)], ['started', at(noun.startedAt)], ['image', noun.image]);
      break;
    case 'pool':
      pairs.push(['recorded', told(noun.recorded)], ['assigned', told(noun.assigned)]);
      pairs.push(['missing', named(noun.missing)], ['not recorded', named(noun.unrecorded)]);
      pairs.push(['really there', told(noun.present)], ['down', noun.downReason], ['status', noun.status]);
      pairs.push(['platform says', noun.claimedHealth && `${noun.claimedHealth} (its own claim, not our probe)`]);
      break;
    case 'storage':
      for (const check of noun.checks)
        pairs.push([check.muted ? 'muted' : check.severity, `${check.code}: ${check.summary}`]);
      pairs.push(['mds laggy', noun.mdsLaggy ? String(noun.mdsLaggy) : null]);
      pairs.push(['manager', noun.managerAvailable === false ? 'none is active' : null]);
      break;
    case 'instance':
      pairs.push(['provisioning', noun.provisioningStatus], ['error', noun.error], ['customer', noun.customer]);
      break;
    case 'route':
      pairs.push(['rule', noun.rule]);
      break;
    case 'directory':
      pairs.push(['entries', count(noun.entries)], ['file quota', fileQuota(noun)], ['path', noun.path]);
      break;
    case 'backup':
      pairs.push(['path', noun.path]);
      break;
    case 'check':
      pairs.push(['failure', noun.failure]);
      break;
  }
  return pairs.filter((pair): pair is Fact => Boolean(pair[1]));
}

/** What will run full, and when. */
function outlooks(noun: Noun, { trends }: ColumnContext): Fact[] {
  return measuresOf(noun).flatMap(({ metric, title }): Fact[] => {
    const full = trends?.outlook({ id: noun.id, metric })?.full;
    return full ? [['outlook', `${title.replace(/,.*/, '')} ${fullWords(full)}`]] : [];
  });
}

function stateOf({ state, stateReason, availability }: Node): string {
  const words = stateReason ? `${state}: ${stateReason}` : state;
  return availability === 'active' ? words : `${words}; ${availability}`;
}

function fileQuota({ entries, quotaFiles }: Directory): string {
  return quotaFiles === null ? NO_LIMIT : `${percentText(percent(entries, quotaFiles))} of ${quotaFiles}`;
}

const NAMED = 5;

/** The first names and how many more there are; null for none. */
function named(names: string[] | null): string | null {
  if (names === null || names.length === 0) return null;
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const told = (value: number | null) => (value === null ? 'unknown' : String(value));
