/** The daemons of the embedded Ceph cluster, beside its metadata servers, which the storage knows of. */
export interface Daemons {
  /** Milliseconds since 1970; null while there is a manager. Without one, rates and usage are frozen numbers. */
  managerGoneSince: number | null;
  /** No monitor answers: every question to the cluster waits for one. */
  monitorsGone: boolean;
  osdsDown: Set<number>;
}

export function allWell(): Daemons {
  return { managerGoneSince: null, monitorsGone: false, osdsDown: new Set() };
}
