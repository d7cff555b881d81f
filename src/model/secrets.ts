/**
 * What must not be read over somebody's shoulder: values under names such as password or token, the data of Secrets,
 * passwords in addresses and connection strings, private keys, bearer tokens. Too much masked is better than too
 * little; names of and references to secrets stay readable.
 */
export const MASK = '********';

const SECRET_NAME =
  /pass(?:word|wd|phrase|code)|(?:^|[._-])pass(?:$|[._-])|[._-]pwd|secret|token|credential|authorization|cookie|private[._-]?key|api[._-]?key|access[._-]?key|encryption[._-]?key|signing[._-]?key|client[._-]?key|master[._-]?key|ssh[._-]?key|tls[._-]?key|dockerconfigjson|dockercfg|keyring|kubeconfig|^auth$|_auth$|(?:^|[._-])jwt(?:$|[._-])|(?:^|[._-])salt$/i;
/** As written: PWD is the working directory. */
const SECRET_CAMEL = /^pwd$|[a-z](?:Pwd|Pass)$/;
/** Settings around a secret that are none themselves: PASSWORD_FILE, secretName, tokenExpirationSeconds. */
const ABOUT_WORDS =
  /[._-](?:file|path|dir|names?|namespace|refs?|ttl|length|min|max|type|version|enabled|policy|mode|class|count|expiry|expires|expiration|seconds|minutes|timeout|algorithm|provider|driver)$/i;
const ABOUT_CAMEL =
  /[a-z](?:File|Path|Dir|Names?|Namespace|Refs?|TTL|Length|Type|Version|Enabled|Policy|Mode|Class|Count|Expiry|Seconds|Minutes|Timeout|Algorithm|Provider|Driver)$|^SecretID$/;
/** Leaves below a secret name that only say which secret is meant. */
const REFERENCE = new Set('name key namespace kind apiVersion apiGroup group path audience Name UID GID'.split(' '));

/** Whether a value under this name (a key, a variable, a flag) is secret. */
export function isSecretName(name: string): boolean {
  return (SECRET_NAME.test(name) || SECRET_CAMEL.test(name)) && !isAboutSecret(name);
}

function isAboutSecret(name: string): boolean {
  return ABOUT_WORDS.test(name) || ABOUT_CAMEL.test(name);
}

/**
 * A copy of a JSON value in which every secret is masked. Never changes its input; the shape stays: same keys, same
 * lengths. JSON inside strings (the last applied configuration) is masked from within.
 */
export function maskSecrets(value: unknown): unknown {
  return mask(value, false);
}

/** `hidden`: it stands somewhere below a secret name, so that only references may be read. */
function mask(value: unknown, hidden: boolean): unknown {
  if (typeof value === 'string') return hidden ? MASK : maskString(value);
  if (Array.isArray(value)) return maskArray(value, hidden);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const pairName = nameOfPair(entries);
  return fromEntries(
    entries.map(([key, inner]) => {
      if (isSecretData(value, key)) return [key, maskLeaves(inner)];
      if (pairName !== null && /^value$/i.test(key) && isSecretName(pairName)) return [key, maskLeaves(inner)];
      if (isSecretName(key)) return [key, maskUnder(inner)];
      const free = !hidden || typeof inner !== 'string' || REFERENCE.has(key) || isAboutSecret(key);
      return [key, typeof inner === 'string' && free ? maskString(inner) : mask(inner, hidden)];
    }),
  );
}

/** Below a secret name a text or number is the secret; an object can be a reference to it. */
function maskUnder(value: unknown): unknown {
  return typeof value === 'object' ? mask(value, true) : maskLeaves(value);
}

/** Masks every text and number, whatever its name. */
function maskLeaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskLeaves);
  if (typeof value === 'object' && value !== null) {
    return fromEntries(Object.entries(value).map(([key, inner]) => [key, maskLeaves(inner)]));
  }
  return typeof value === 'string' || typeof value === 'number' ? MASK : value;
}

/** In argument lists a flag's value can be the next element: `--password`, `hunter2`. */
function maskArray(values: unknown[], hidden: boolean): unknown[] {
  return values.map((value, at) => {
    const before = values[at - 1];
    const isFlagValue =
      typeof value === 'string' &&
      typeof before === 'string' &&
      /^--?[\w.-]+$/.test(before) &&
      isSecretName(before.replace(/^-+/, '')) &&
      !value.startsWith('-');
    return isFlagValue ? MASK : mask(value, hidden);
  });
}

/** The name of an entry such as `{name: 'DB_PASSWORD', value: …}` or `{key: …, value: …}`. */
function nameOfPair(entries: [string, unknown][]): string | null {
  if (!entries.some(([key]) => /^value$/i.test(key))) return null;
  const name = entries.find(([key]) => /^(?:name|key)$/i.test(key))?.[1];
  return typeof name === 'string' ? name : null;
}

/** Kubernetes Secrets keep everything in `data` and `stringData`; so do the items of their lists. */
function isSecretData(object: object, key: string): boolean {
  if (key !== 'data' && key !== 'stringData') return false;
  const { kind, type } = object as { kind?: unknown; type?: unknown };
  // Items of a SecretList name no kind, but each Secret has a type, and nothing else with data has.
  return kind === 'Secret' || (kind === undefined && typeof type === 'string');
}

function maskString(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    const inner = parsed(text);
    if (typeof inner === 'object' && inner !== null) {
      const masked = JSON.stringify(maskSecrets(inner));
      return masked === JSON.stringify(inner) ? text : masked;
    }
  }
  return maskText(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // only looked like JSON
  }
}

/** Keeps a key `__proto__` what it was: a key. */
function fromEntries(entries: unknown[][]): Record<string, unknown> {
  return Object.fromEntries(entries as [string, unknown][]);
}

const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g;
const URL_PASSWORD = /\b([a-z][a-z\d+.-]{1,20}:\/\/[^\s:/?#@]{0,256}):([^\s/?#]{1,4096})@/gi;
/** A lone name before the host of a web address is a token more often than a name. */
const URL_TOKEN = /\b(https?:\/\/)[^\s:/?#@]{1,4096}@/gi;
const SCHEME = /\b(bearer|basic)(\s+)([\w.~+/=-]{6,})/gi;
const JWT = /(?<![\w.-])eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g;
/** `NAME=value`, `--name=value`, `"name": "value"`; the value is quoted, or ends at a blank or a separator. */
const ASSIGNMENT =
  /(?<![\w.-])-{0,2}(["']?)([A-Za-z_][\w.-]*)\1(\s?=\s?|(?<=["'])\s?:\s?)("(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)|[^\s&;,"'{[][^\s&;,"']*)/g;
/** A line of YAML, of HTTP headers: `name: value`, and `name: |` with the deeper lines that follow. */
const LINE =
  /^([ \t]*(?:- )?)(["']?[\w./-]+["']?)(:[ \t]+)(?:[|>][-+\d]*[ \t]*((?:\n(?:\1[ \t]+.*|[ \t]*$))+)|(.+))$/gm;
/** A whole text of this form is one variable, blanks in its value included: an element of a container's environment. */
const VARIABLE = /^(-{0,2}[A-Za-z_][\w.-]*)=([\s\S]+)$/;

/** The text with its secrets masked: for error messages, command lines, log lines. */
export function maskText(text: string): string {
  const [, name] = VARIABLE.exec(text) ?? [];
  if (name !== undefined && isSecretName(name.replace(/^-+/, ''))) return `${name}=${MASK}`;
  return text
    .replace(PRIVATE_KEY, MASK)
    .replace(LINE, (whole, indent: string, key: string, sign: string) =>
      isSecretName(key.replace(/["']/g, '')) ? `${indent}${key}${sign}${MASK}` : whole,
    )
    .replace(URL_PASSWORD, `$1:${MASK}@`)
    .replace(URL_TOKEN, `$1${MASK}@`)
    .replace(SCHEME, (whole, scheme: string, gap: string, token: string) =>
      token.length >= 16 || /\d/.test(token) ? `${scheme}${gap}${MASK}` : whole,
    )
    .replace(JWT, MASK)
    .replace(ASSIGNMENT, (whole, _quote, key: string, _sign, worth: string) => {
      if (!isSecretName(key)) return whole;
      const quote = /^["']/.exec(worth)?.[0] ?? '';
      return `${whole.slice(0, -worth.length)}${quote}${MASK}${quote}`;
    });
}
