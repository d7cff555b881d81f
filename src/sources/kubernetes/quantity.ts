const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE])([+-]?\d{1,3})|([KMGTPE]i|[numkMGTPE]?))$/;

/**
 * A Kubernetes resource quantity as a plain number in its base unit (cores, bytes, things): `500m` is 0.5, `1Gi` is
 * 1073741824, `1e3` is 1000, `123n` is 0.000000123. null for what is none.
 *
 * The grammar stands in k8s.io/apimachinery/pkg/api/resource/quantity.go.
 */
export function parseQuantity(text: unknown): number | null {
  if (typeof text !== 'string') return typeof text === 'number' && Number.isFinite(text) ? text : null;
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const value = parse(text);
  if (parsed.size >= LIMIT) parsed.clear();
  parsed.set(text, value);
  return value;
}

/** As `parseQuantity`, for amounts that hardly come twice, such as what is used: those would push out the others. */
export function parseRareQuantity(text: unknown): number | null {
  return typeof text === 'string' ? parse(text) : parseQuantity(text);
}

/** Thousands of pods ask for the same few amounts. */
const parsed = new Map<string, number | null>();
const LIMIT = 1_000;

function parse(text: string): number | null {
  const parts = QUANTITY.exec(text);
  if (!parts) return null;
  const [, sign, digits, exponent, power, suffix = ''] = parts;
  const binary = BINARY.indexOf(suffix);
  // Number() rounds a decimal once; multiplying by a power of ten would round twice.
  const value =
    binary >= 0
      ? Number(digits) * 1024 ** (binary + 1)
      : Number(`${digits}e${exponent ? Number(power) : DECIMAL[suffix]}`);
  if (!Number.isFinite(value)) return null;
  return sign === '-' ? -value : value;
}

/** Thousandths of a core, to the nearest; usage comes in nanocores, and less than one is told as 1, not as nothing. */
export function parseMillicores(text: unknown): number | null {
  return millicores(parseQuantity(text));
}

/** Whole bytes; a fraction of one counts as one, as Kubernetes rounds it. */
export function parseBytes(text: unknown): number | null {
  return wholeBytes(parseQuantity(text));
}

export function millicores(cores: number | null): number | null {
  if (cores === null) return null;
  return cores > 0 ? Math.max(1, Math.round(cores * 1000)) : Math.round(cores * 1000);
}

export function wholeBytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.ceil(bytes);
}
