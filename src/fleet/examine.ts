import { KINDS, type Kind } from '../model/entity.ts';
import { sentence, type Trouble } from '../model/trouble.ts';
import type { Coverage, SourceKind, SourceState } from '../sources/source.ts';
import type { Fleet } from './fleet.ts';
import { isNotLive, wordOf } from './gaps.ts';

/** One thing that was looked at. */
export interface Finding {
  severity: 'ok' | 'warn' | 'bad';
  what: string;
  why: string | null;
  fix: string | null;
}

/** What each kind of source has to have told before its picture is whole. */
export const FIRST: Record<SourceKind, readonly Kind[]> = {
  kubernetes: ['node', 'workload', 'replica'],
  swarm: ['node', 'workload', 'replica'],
  postgres: ['pool'],
  mariadb: ['pool'],
  cephfs: ['directory'],
  http: ['check'],
  host: ['host'],
};

/** Where a source stands, and what it tells and does not. */
export function examineSource(source: SourceState, fleet: Fleet): Finding[] {
  const { name, kind, target, trouble, phase } = source;
  const requests = fleet.source(name)?.requests ?? 0;
  const what = `${name}: ${[kind, wordOf(source), target].filter(Boolean).join(' · ')}`;
  if (isNotLive(source)) {
    const why = trouble && sentence({ ...trouble, fix: null });
    return [{ severity: phase === 'stale' ? 'warn' : 'bad', what, why, fix: trouble?.fix ?? null }];
  }
  const complete = coverages(fleet, name).filter(([, { state }]) => state === 'complete');
  const well: Finding = {
    severity: 'ok',
    what,
    why: `tells ${complete.map(([kind]) => kind).join(', ') || 'nothing yet'} · ${requests} requests so far`,
    fix: null,
  };
  return [well, ...coverages(fleet, name).flatMap(([kind, coverage]) => examineCoverage(source, kind, coverage))];
}

function examineCoverage(source: SourceState, kind: Kind, coverage: Coverage): Finding[] {
  switch (coverage.state) {
    case 'complete':
      return [];
    case 'asking':
      return [
        {
          severity: 'warn',
          what: `${source.name}: ${kind}`,
          why: 'no complete answer yet',
          fix: 'wait longer: --timeout 30s',
        },
      ];
    default: {
      // Not every system has everything; what the source is there for must be.
      const severity = coverage.state === 'absent' && !FIRST[source.kind].includes(kind) ? 'ok' : 'warn';
      return [{ ...fault(severity)(coverage.trouble), what: `${source.name}: ${kind} ${coverage.state}` }];
    }
  }
}

/** What failed, as something that was looked at. */
export const fault =
  (severity: Finding['severity']) =>
  (trouble: Trouble): Finding => ({
    severity,
    what: `${trouble.what} on ${trouble.on}`,
    why: sentence({ ...trouble, fix: null }),
    fix: trouble.fix,
  });

/** What a source says of each kind, as far as it says something. */
export function coverages(fleet: Fleet, source: string): [Kind, Coverage][] {
  return KINDS.flatMap((kind): [Kind, Coverage][] => {
    const coverage = fleet.coverage(source, kind);
    return coverage ? [[kind, coverage]] : [];
  });
}
