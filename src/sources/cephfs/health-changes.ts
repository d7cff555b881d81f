import type { Seen } from '../../model/entity.ts';
import type { Happening, Severity } from '../../model/event.ts';
import { printable } from '../../model/printable.ts';

type Storage = Seen<'storage'>;

/** What happened in a cluster from one reading to the next: its health, its checks, and what its health does not tell. */
export function healthChanges(before: Storage, after: Storage, at: number): Happening[] {
  const told: [reason: string, severity: Severity, message: string][] = [];
  if (before.status !== after.status && after.status !== null)
    told.push([
      after.status,
      severityOf(after.status),
      `health went from ${before.status ?? 'unknown'} to ${after.status}`,
    ]);

  const old = new Map(before.checks.map(check => [check.code, check]));
  for (const check of after.checks) {
    const known = old.get(check.code);
    old.delete(check.code);
    if (known && known.severity === check.severity && known.muted === check.muted) continue;
    const muted = check.muted ? ' (muted)' : '';
    told.push([check.code, check.muted ? 'info' : check.severity, `${check.summary}${muted}`]);
  }
  for (const check of old.values()) told.push([check.code, 'info', `cleared: was ${printable(check.summary, 100)}`]);

  const laggy = after.mdsLaggy ?? 0;
  if (laggy > (before.mdsLaggy ?? 0))
    told.push([
      'MdsLaggy',
      'bad',
      `${laggy} metadata server${laggy > 1 ? 's' : ''} no longer report${laggy > 1 ? '' : 's'}`,
    ]);
  else if (laggy === 0 && before.mdsLaggy) told.push(['MdsLaggy', 'info', 'all metadata servers report again']);

  return told.map(([reason, severity, message]) => ({
    key: `${after.id}/${reason}/${severity}`,
    at,
    severity,
    source: after.source,
    about: after.id,
    subject: `storage/${after.name}`,
    reason,
    message,
  }));
}

function severityOf(status: string): Severity {
  return status === 'HEALTH_ERR' ? 'bad' : status === 'HEALTH_OK' ? 'info' : 'warn';
}
