let lastSecond = { ms: Number.NaN, text: '' };

/** RFC 3339 in whole seconds, as the API writes moments; milliseconds since 1970 in. */
export function iso(ms: number): string {
  // Moments come in clusters: most often it is the one of before.
  if (lastSecond.ms !== ms) lastSecond = { ms, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return lastSecond.text;
}

/** The same with microseconds, as events and leases have them. */
export function isoMicro(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
