import { gaps } from '../fleet/gaps.ts';
import type { CheckVerdict, Figures, Finding, ItemResult } from '../model/checklist-run.ts';
import type { Kind } from '../model/entity.ts';
import { byHealth } from '../model/health/verdict.ts';
import { printable } from '../model/printable.ts';
import { maskText } from '../model/secrets.ts';
import { orAbort } from '../sources/pulse.ts';
import { why } from '../sources/why.ts';
import type { Item, Means, Probe, Seen } from './checklist.ts';
import { finding } from './finding.ts';

/** Longer than the longest reading of logs. */
const DEADLINE_MS = 90_000;
/** What is kept of an item: so many findings, and of the first of them their evidence. */
const MOST_FINDINGS = 100;
const MOST_PROOFS = 20;
const MOST_LINES = 5;
const LONGEST_LINE = 300;
const MOST_FIGURES = 2_000;

/**
 * Runs the probes of an item. Its verdict is that of its worst finding; what had to be listed and was not, or a probe
 * without an answer, is a finding as well. Never rejects, but when the signal of the means aborts.
 */
export async function runItem(item: Item, means: Means, deadlineMs = DEADLINE_MS): Promise<ItemResult> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([means.signal, deadline]);
  const isToldOf = (kind: Kind) => tellersOf(kind, means) > 0;
  const probes = item.probes.filter(({ needs, optional }) => !optional || needs.every(isToldOf));
  const seen = await Promise.all(probes.map(probe => lookWith(probe, { ...means, signal })));
  means.signal.throwIfAborted();
  // With nothing to look at at all, nothing is well.
  const kinds = new Set((probes.length > 0 ? probes : item.probes).flatMap(({ needs }) => needs));
  const findings = [...seen.flatMap(one => one.findings), ...[...kinds].flatMap(kind => unseen(kind, means))];
  findings.sort((a, b) => byHealth(a.health, b.health));
  const facts = clean(seen.flatMap(({ facts }) => facts).join(' · '));
  return {
    verdict: verdictOf(findings),
    reason: reasonOf(findings, facts),
    facts,
    findings: findings.slice(0, MOST_FINDINGS).map(bounded),
    figures: figuresOf(seen),
  };
}

async function lookWith(probe: Probe, means: Means): Promise<Seen> {
  try {
    return await orAbort((async () => probe.look(means))(), means.signal);
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError';
    const words = isLate ? 'no answer in time' : why(error);
    return { findings: [finding(probe.name, 'unknown', words)], facts: [] };
  }
}

/** What a source that tells of a kind has not told: nothing may pass that was not looked at. */
function unseen(kind: Kind, means: Means): Finding[] {
  const { fleet } = means;
  const { gaps: missing } = gaps(fleet, kind);
  const named = NAMES[kind] ?? `${kind}s`;
  if (tellersOf(kind, means) === 0) return [finding(named, 'unknown', 'nothing that is set up tells of them')];
  const lacking = fleet.sources().flatMap(({ name }) => {
    const coverage = fleet.coverage(name, kind);
    // What nodes and pods lack is their usage, which no list depends on.
    const isUsage = kind === 'node' || kind === 'replica';
    if (coverage?.state !== 'complete' || isUsage) return [];
    return (coverage.except ?? []).map(({ what, why }) => finding(name, 'unknown', `${what}: ${why}`));
  });
  return [
    ...missing.map(({ source, why }) => finding(source.name, 'unknown', `${named} not known: ${why}`)),
    ...lacking,
  ];
}

/** How many sources tell of a kind, or should. */
function tellersOf(kind: Kind, { fleet }: Means): number {
  const { told, gaps: missing } = gaps(fleet, kind);
  return told + missing.length;
}

const NAMES: Partial<Record<Kind, string>> = {
  node: 'nodes',
  workload: 'workloads',
  replica: 'pods and tasks',
  directory: 'directories',
  storage: 'the cluster',
  instance: 'instances',
  backup: 'backups',
  pool: 'pools',
  check: 'endpoints',
};

const SEVERITY: readonly CheckVerdict[] = ['pass', 'warn', 'cannot-tell', 'fail'];

/** Known bad counts most, then what nobody can tell, then warnings. */
export function worstVerdict(verdicts: Iterable<CheckVerdict>): CheckVerdict {
  return [...verdicts].reduce((a, b) => (SEVERITY.indexOf(b) > SEVERITY.indexOf(a) ? b : a), 'pass');
}

const OF_HEALTH: Partial<Record<Finding['health'], CheckVerdict>> = {
  bad: 'fail',
  warn: 'warn',
  unknown: 'cannot-tell',
};

export function verdictOf(findings: readonly Finding[]): CheckVerdict {
  return worstVerdict(findings.map(({ health }) => OF_HEALTH[health] ?? 'pass'));
}

/** The worst finding first, then the numbers. */
function reasonOf(findings: readonly Finding[], facts: string): string {
  const [first] = findings.filter(({ health }) => OF_HEALTH[health] !== undefined);
  const others = findings.length - 1;
  const words = first ? `${first.target}: ${first.reason}${others > 0 ? ` (+${others} more)` : ''}` : null;
  return clean([words, facts].filter(Boolean).join(' · '));
}

function bounded(one: Finding, index: number): Finding {
  const evidence = index < MOST_PROOFS ? one.evidence.slice(0, MOST_LINES).map(clean) : [];
  return { ...one, target: clean(one.target), reason: clean(one.reason), evidence };
}

const clean = (text: string) => printable(maskText(text), LONGEST_LINE);

function figuresOf(seen: readonly Seen[]): Figures {
  const all = seen.flatMap(({ figures = {} }) => Object.entries(figures));
  return Object.fromEntries(all.sort(([, a], [, b]) => b - a).slice(0, MOST_FIGURES));
}
