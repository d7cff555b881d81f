const SUFFIXES: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const known = new Map<string, number>();

/** A Kubernetes quantity (`250m`, `512Mi`, `2`) in its base unit: cores or bytes. 0 for none, NaN for nonsense. */
export function quantity(text: string | undefined): number {
  if (!text) return 0;
  let value = known.get(text);
  if (value === undefined) {
    const [, number, suffix = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text) ?? [];
    value = Number(number) * (SUFFIXES[suffix] ?? Number.NaN);
    if (known.size < 10_000) known.set(text, value);
  }
  return value;
}
