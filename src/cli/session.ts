import { Fleet } from '../fleet/fleet.ts';
import type { Kind } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { Trouble } from '../model/trouble.ts';
import { createSource } from '../profile/create-source.ts';
import type { SourceOptions } from '../profile/schema.ts';
import type { Source } from '../sources/source.ts';
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

/** Watches every source of the platform. Resolves when all are started, not when they answered. */
export async function openSession(platform: Platform, options: SessionOptions): Promise<Session> {
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
  const sources = Object.entries(platform.profile.sources);
  const made = await Promise.all(sources.map(([name, source]) => create(name, source)));
  for (const source of made) fleet.watch(source);
  if (attend) fleet.attend(attend);
  return {
    fleet,
    store,
    async close() {
      await fleet.stop();
      store.close();
      await platform.close();
    },
  };
}
