import type { Seen } from '../../model/entity.ts';
import type { Happening } from '../../model/event.ts';

export type News = Pick<Happening, 'severity' | 'reason' | 'message'>;

const NEARLY_FULL = 0.9;
const RELAXED = 0.85;

/** Says what happened to a pool from how it looked before: it fell or came back, its connections run out, it drifts. */
export class PoolNews {
  #state: 'up' | 'down' | 'unasked' | null = null;
  /** When it ceased to answer. */
  #since = 0;
  #connections: number | null = null;
  #nearlyFull = false;
  #drift: string | null = null;
  #driftTold = false;

  /** What is new about the pool as it is seen now. */
  of(pool: Seen<'pool'>): News[] {
    return [this.#life(pool), this.#room(pool)].filter(news => news !== null);
  }

  /** Looked at once for each reading of the platform's table: a tenant that is just being made is no drift. */
  drift({ recorded, assigned, present }: Seen<'pool'>): News[] {
    const counts = [recorded, assigned, present];
    const drifts = new Set(counts.filter(count => count !== null)).size > 1;
    const [told = '?', given = '?', there = '?'] = counts.map(count => (count === null ? '?' : String(count)));
    const now = drifts ? `records ${told}, assigned ${given}, there ${there}` : null;
    const holds = now === this.#drift;
    this.#drift = now;
    if (!holds || drifts === this.#driftTold) return [];
    this.#driftTold = drifts;
    const message = now ?? `no drift any more: records ${told}, assigned ${given}, there ${there}`;
    return [{ severity: drifts ? 'warn' : 'info', reason: 'drift', message }];
  }

  #life({ up, downReason, observedAt }: Seen<'pool'>): News | null {
    const state = up === true ? 'up' : up === false ? 'down' : downReason === null ? null : 'unasked';
    if (state === null || state === this.#state) return null;
    const before = this.#state;
    const since = this.#since;
    this.#state = state;
    if (before === null || before === 'up') this.#since = observedAt;
    if (state === 'down') return { severity: 'bad', reason: 'down', message: downReason ?? 'does not answer' };
    if (state === 'unasked') return { severity: 'warn', reason: 'unasked', message: `cannot be asked: ${downReason}` };
    if (before === null) return null;
    return {
      severity: 'info',
      reason: 'up',
      message: `answers again after ${Math.round((observedAt - since) / 1000)} s`,
    };
  }

  #room({ connections, maxConnections }: Seen<'pool'>): News | null {
    if (connections === null || !maxConnections) return null;
    const before = this.#connections;
    this.#connections = connections;
    const share = connections / maxConnections;
    if (share < RELAXED) this.#nearlyFull = false;
    if (share < NEARLY_FULL || this.#nearlyFull) return null;
    this.#nearlyFull = true;
    const change = before === null ? `${connections}` : `${before} → ${connections}`;
    return { severity: 'warn', reason: 'connections', message: `connections ${change} of ${maxConnections}` };
  }
}
