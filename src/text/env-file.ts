/** A line that a shell might understand and this does not. */
export interface OddLine {
  line: number;
  why: string;
}

/**
 * The variables that `set -a; source FILE` would set, as far as its lines are plain: NAME=VALUE, with `export` in front
 * or not, quoted or not, `$NAME` and `${NAME}` of `before` and of lines above. What is anything else stands in `odd`;
 * its text does not, since it may be a secret.
 */
export function parseEnvFile(
  text: string,
  before: Readonly<Record<string, string | undefined>> = {},
): { values: Record<string, string>; odd: OddLine[] } {
  const values: Record<string, string> = {};
  const odd: OddLine[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, rest] = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      odd.push({ line: index + 1, why: 'it is not NAME=VALUE' });
      continue;
    }
    const value = readValue(rest, { ...before, ...values });
    if (value === null) odd.push({ line: index + 1, why: `the value of ${name} needs a shell` });
    else values[name] = value;
  }
  return { values, odd };
}

/** Pieces that stand side by side make one value: `a"b c"'d'`; a comment may follow. */
const PIECE = /'([^']*)'|"((?:[^"\\`]|\\.)*)"|((?:[^\s'"\\`;&|<>()*?[\]{}$~#]|(?<=\S)#|\$\{\w+\}|\$\w+|\\.)+)/y;

function readValue(text: string, known: Readonly<Record<string, string | undefined>>): string | null {
  let value = '';
  PIECE.lastIndex = 0;
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    if (/^\s+(#.*)?$/.test(text.slice(at))) return value;
    const [, single, double, bare] = PIECE.exec(text) ?? [];
    if (single !== undefined) value += single;
    else if (double !== undefined && !/\$(?!\w|\{\w+\})/.test(double.replace(/\\./g, ''))) {
      value += expanded(double, known, /\\([$`"\\])|\$\{(\w+)\}|\$(\w+)/g);
    } else if (bare !== undefined) value += expanded(bare, known, /\\(.)|\$\{(\w+)\}|\$(\w+)/g);
    else return null;
  }
  return value;
}

function expanded(text: string, known: Readonly<Record<string, string | undefined>>, pattern: RegExp): string {
  return text.replace(pattern, (_, escaped, braced, plain) => escaped ?? known[braced ?? plain] ?? '');
}
