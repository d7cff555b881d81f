import { Fleet } from '../fleet/fleet.ts';
import type { Kind } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { Trouble } from '../model/trouble.ts';
import { createSource } from '../profile/create-source.ts';
import type { SourceOptions } from '../profile/schema.ts';
import type { Source } from '../sources/source.ts';
import { why } from '../sources/why.ts';
import { openStoreOrTell, type Store } from '../store/store.ts';
import type { Platform } from './platform.ts';

/** A platform that is being watched, with what is kept of it. */
export interface Session {
  fleet: Fleet;
  store: Store;
  /** Ends every source, writes what waits, and ends the embedded platform. */
  close(): Promise<void>;
}

export interface SessionOptions {
  now?: () => number;
  /** The store cannot be opened or written. */
  tell(trouble: Trouble): void;
  /** For the log file. */
  log?(line: string): void;
  onEvent?(event: FeedEvent): void;
  /** What is read even where it costs something; all that the screen shows where it is left out. */
  attend?: ReadonlySet<Kind>;
  /** For tests. */
  create?(name: string, options: SourceOptions): Promise<Source>;
}

/** Watches every source of the platform. Returns at once: a source is `connecting` from before its code is loaded. */
export function openSession(platform: Platform, options: SessionOptions): Session {
  const { now = Date.now, tell, log, onEvent, attend, create = createSource } = options;
  const store = openStoreOrTell(platform.storePath, tell, { now });
  const fleet = new Fleet({
    now,
    thresholds: platform.profile.thresholds,
    log,
    onEvent: event => {
      store.append([event]);
      onEvent?.(event);
    },
  });
  if (attend) fleet.attend(attend);
  let closed = false;
  for (const [name, source] of Object.entries(platform.profile.sources)) {
    fleet.expect(name, source.kind);
    create(name, source).then(
      made => {
        if (!closed) fleet.watch(made);
      },
      (error: unknown) => fleet.sink(name, source.kind).state({ phase: 'refused', trouble: notMade(name, error) }),
    );
  }
  return {
    fleet,
    store,
    async close() {
      closed = true;
      await fleet.stop();
      store.close();
      await platform.close();
    },
  };
}

/** A source whose code or options are at fault: the others go on. */
function notMade(name: string, error: unknown): Trouble {
  return { what: 'start the source', on: name, why: why(error), fix: null };
}
