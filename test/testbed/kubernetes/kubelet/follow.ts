import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../../../helpers/kube-client.ts';
import type { KubeObject } from './objects.ts';

export interface Listener<T> {
  /** It is there, or is other than it was. */
  seen(object: T): void;
  gone(object: T): void;
}

interface List<T> {
  metadata: { resourceVersion: string; continue?: string };
  items: T[];
}

interface Change<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** Lists and watches for ever; after anything that goes wrong it lists anew, and tells what is gone meanwhile. */
export async function follow<T extends KubeObject>(
  client: KubeClient,
  path: string,
  listener: Listener<T>,
  log: (line: string) => void,
): Promise<never> {
  const known = new Map<string, T>();
  const seen = (object: T) => {
    known.set(object.metadata.uid, object);
    listener.seen(object);
  };
  const gone = (object: T) => {
    known.delete(object.metadata.uid);
    listener.gone(object);
  };
  for (;;) {
    try {
      let version = await listInto();
      for (;;) version = await watch(version);
    } catch (error) {
      log(`${path}: ${(error as Error).message}`);
      await sleep(300);
    }
  }

  async function listInto(): Promise<string> {
    const left = new Map(known);
    for (let token = ''; ; ) {
      const page = await client.json<List<T>>(`${path}?limit=1000${token}`);
      for (const object of page.items) {
        left.delete(object.metadata.uid);
        seen(object);
      }
      if (!page.metadata.continue) {
        for (const object of left.values()) gone(object);
        return page.metadata.resourceVersion;
      }
      token = `&continue=${encodeURIComponent(page.metadata.continue)}`;
    }
  }

  async function watch(from: string): Promise<string> {
    let version = from;
    const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=600&resourceVersion=${version}`;
    for await (const { type, object } of client.lines<Change<T>>(`${path}?${query}`, AbortSignal.timeout(700_000))) {
      if (type === 'ERROR') throw new Error(JSON.stringify(object));
      if (type === 'DELETED') gone(object);
      else if (type !== 'BOOKMARK') seen(object);
      version = object.metadata.resourceVersion;
    }
    return version;
  }
}
