import type { HttpCheck } from '../../sources/http/options.ts';
import { duration } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { finding } from '../finding.ts';
import { type Limits, limitsOf, over, withWords } from '../limits.ts';

/** An endpoint: it answers as it should, and `status` and `latency` are within their thresholds. */
export function http({ http: check, ...limits }: Limits & { http: HttpCheck }): Probe {
  const wanted = limitsOf(limits);
  return {
    name: check.name,
    needs: [],
    async look(means) {
      const { status, latencyMs, failure } = await means.http(check, means.signal);
      const values: Record<string, number | null> = {
        status,
        latency: latencyMs === null ? null : latencyMs / 1000,
      };
      const verdict = wanted
        .map(limit => over([limit], values[limit.threshold.name ?? 'latency'] ?? null))
        .find(one => one !== null);
      const words = `status ${status ?? 'none'} in ${duration(latencyMs)}`;
      if (failure !== null) return { findings: [finding(check.name, 'bad', failure)], facts: [] };
      return {
        findings: verdict ? [finding(check.name, verdict.health, withWords(words, verdict))] : [],
        facts: [words],
      };
    },
  };
}
