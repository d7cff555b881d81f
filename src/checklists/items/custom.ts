import type { Item, Probe } from '../checklist.ts';
import type { ItemOptions, ProbeOptions } from '../options.ts';
import { command } from '../probes/command.ts';
import { http } from '../probes/http.ts';
import { query } from '../probes/query.ts';
import { sql } from '../probes/sql.ts';

/** An item that a profile describes. */
export function custom(id: string, { title, probes }: ItemOptions): Item {
  const look = probes.find(probe => 'query' in probe);
  return {
    id,
    title,
    probes: probes.map(probeOf),
    look: { kind: look?.query ?? 'workload', filter: look?.filter ?? '' },
    fixes: [],
  };
}

function probeOf(options: ProbeOptions): Probe {
  if ('query' in options) return query(options);
  if ('sql' in options) return sql(options);
  return 'http' in options ? http(options) : command(options);
}
