import { counted, duration } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';

const TOLD = 3;

/** Endpoints that take longer than is fine, or do not answer. */
export const slowestEndpoints: Probe = {
  name: 'endpoints',
  needs: ['check'],
  optional: true,
  look({ fleet }) {
    const all = [...fleet.all('check').values()].sort((a, b) => (b.latencyMs ?? 0) - (a.latencyMs ?? 0));
    const failing = all.filter(({ failure, status }) => failure !== null || status === null);
    const slow = all.filter(one => !failing.includes(one) && (one.latencyMs ?? 0) > fleet.limits.latencyWarnMs);
    const slowest = all.filter(({ latencyMs }) => latencyMs !== null).slice(0, TOLD);
    const named = slowest.map(({ name, latencyMs }) => `${name} ${duration(latencyMs)}`).join(', ');
    return {
      findings: [
        ...failing.map(one => about(one, { health: 'bad', reason: one.failure ?? 'no answer yet' })),
        ...slow.map(one => about(one, { health: 'warn', reason: `answers in ${duration(one.latencyMs)}` })),
      ],
      facts: [`${counted(all.length, 'endpoint')}${named ? `, slowest ${named}` : ''}`],
    };
  },
};
