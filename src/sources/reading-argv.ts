/**
 * What may be run where reading needs an exec: these programs, and of each only what reads. Whatever is not known here
 * to read is refused, before anything is sent.
 */

type Rule = (args: string[]) => boolean;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['psql', readsSql],
  ['getfattr', () => true],
  ['find', args => !args.some(arg => /^-(delete|exec|ok|fprint|fls)/.test(arg))],
  ['ceph', asksCeph],
]);

/** Throws when the argument list is not one of the reading ones. */
export function assertReading(argv: readonly string[]): void {
  const [program = '', ...args] = argv;
  if (!RULES.get(program)?.(args)) throw new Error(`not a reading command: ${program || 'nothing'}`);
}

/** As whom psql asks, over the server's own socket. */
export interface PsqlTarget {
  user: string;
  database: string;
}

const READ_ONLY = '-c default_transaction_read_only=on -c statement_timeout=3000 -c lock_timeout=1000';

/**
 * The argument list for one SELECT with psql: a read-only session, no start-up file, no password prompt, only the value
 * printed, SQLSTATE with an error. (PostgreSQL manual: psql; libpq, Connection Strings.)
 */
export function psqlArguments({ user, database }: PsqlTarget, sql: string): string[] {
  const parameters = {
    user,
    dbname: database,
    connect_timeout: 3,
    application_name: 'quarterdeck',
    client_encoding: 'UTF8',
    options: READ_ONLY,
  };
  const connection = Object.entries(parameters)
    .map(([key, value]) => `${key}='${String(value).replace(/[\\']/g, '\\$&')}'`)
    .join(' ');
  return ['psql', ...PSQL_FLAGS, '-d', connection, '-c', sql];
}

const PSQL_FLAGS = ['-X', '-A', '-t', '-q', '-w', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose'];

/** Only the exact shape of `psqlArguments`, with a single SELECT: no psql command (`\!`), no second statement. */
function readsSql(args: string[]): boolean {
  const [connection, c, sql, ...more] = args.slice(PSQL_FLAGS.length + 1);
  return (
    PSQL_FLAGS.every((flag, index) => args[index] === flag) &&
    args[PSQL_FLAGS.length] === '-d' &&
    (connection?.endsWith(`options='${READ_ONLY}'`) ?? false) &&
    c === '-c' &&
    /^select\s[^;]*$/i.test(sql ?? '') &&
    more.length === 0
  );
}

const CEPH_OPTIONS = /^(--connect-timeout|--conf|-c|--cluster|--id|-n|--name|--keyring|-k)$/;
const CEPH_QUESTIONS = [
  /^(status|-s|versions|quorum_status)$/,
  /^(health|df)( detail)?$/,
  /^osd (tree|df|df tree|stat|dump|perf|ls|pool ls|pool ls detail|pool stats)$/,
  /^fs (status|ls|dump|get)( [\w.-]+)?$/,
  /^mds (stat|metadata)( [\w.-]+)?$/,
  /^mon (stat|dump)$/,
  /^mgr (stat|dump|services)$/,
  /^pg stat$/,
];

function asksCeph(args: string[]): boolean {
  const words: string[] = [];
  let json = false;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '-f' || arg === '--format') json = args[++index] === 'json';
    else if (arg === '--format=json') json = true;
    else if (CEPH_OPTIONS.test(arg)) index++;
    else words.push(arg);
  }
  return json && CEPH_QUESTIONS.some(question => question.test(words.join(' ')));
}
