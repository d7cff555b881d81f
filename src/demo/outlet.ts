import type { ServerResponse } from 'node:http';
import type { Gate } from './gate.ts';

/** A slow reader is let go of when so much waits for it, as the real servers do. */
const BACKLOG_BYTES = 64 * 2 ** 20;

/** A response that lasts: a watch, a followed log, an event stream. */
export interface Outlet {
  write(chunk: Buffer | string): void;
  end(): void;
  /** Called once, when it has ended from either side. */
  onEnd(stop: () => void): void;
}

/** Makes lasting responses, and ends them all. While the gate is frozen, what is written waits. */
export class Outlets {
  readonly #gate: Gate;
  readonly #open = new Set<() => void>();

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  open(response: ServerResponse, headers: Record<string, string>): Outlet {
    const stops = new Set<() => void>();
    let waiting: (() => void)[] | null = null;
    const finish = () => {
      this.#open.delete(finish);
      for (const stop of stops) stop();
      stops.clear();
    };
    const whenThawed = (act: () => void) => {
      if (waiting) waiting.push(act);
      else if (!this.#gate.frozen) act();
      else {
        waiting = [act];
        void this.#gate.passage().then(() => {
          const acts = waiting ?? [];
          waiting = null;
          for (const each of acts) each();
        });
      }
    };
    this.#open.add(finish);
    response.on('close', finish);
    response.writeHead(200, headers);
    response.flushHeaders();
    return {
      write: chunk =>
        whenThawed(() => {
          if (response.writableLength > BACKLOG_BYTES) response.destroy();
          else response.write(chunk);
        }),
      end: () => whenThawed(() => response.end()),
      onEnd: stop => stops.add(stop),
    };
  }

  end(): void {
    for (const finish of this.#open) finish();
  }
}
