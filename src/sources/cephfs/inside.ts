/**
 * Enters the directory $1, and runs the words from $4 on there: only when it lies below the root $2, in no snapshot, and
 * still is what was seen ($3, its device and inode). From then on the shell stands in that directory itself, whatever its
 * path comes to lead to. Every word from outside is a parameter of its own; none becomes a part of this text.
 */
const ENTER = `
cd -P -- "$1" || exit 71
here=$(pwd -P && echo x) && here=\${here%?x} || exit 71
root=$(cd -P -- "$2" && pwd -P && echo x) && root=\${root%?x} || exit 71
case $here in "\${root%/}"/?*) ;; *) exit 72 ;; esac
case $here/ in */.snap/*) exit 73 ;; esac
[ "$(find . -maxdepth 0 -type d -printf '%D:%i')" = "$3" ] || exit 74
shift 3
exec "$@"
`;

/** How ENTER ends when it has run nothing: beyond what find, setfattr, timeout and the shells end with. */
export const NOT_ENTERED: Readonly<Record<number, { why: string; status: number }>> = {
  71: { why: 'it is gone, or cannot be entered', status: 404 },
  72: { why: 'its path leads out of the mount now', status: 409 },
  73: { why: 'it lies in a snapshot', status: 409 },
  74: { why: 'another directory has its name now', status: 409 },
};

/** What `env`, `timeout` and GNU find end a command with that had no more time. */
export const OUT_OF_TIME = 124;

export interface Seen {
  /** Absolute. */
  path: string;
  /** What it must lie below, absolute. */
  root: string;
  /** `DEVICE:INODE` */
  identity: string;
}

/** The argument list that runs a command in a directory, and nothing when it is not what was seen. */
export function inside({ path, root, identity }: Seen, argv: readonly string[]): string[] {
  return ['sh', '-c', ENTER, 'quarterdeck', path, root, identity, ...argv];
}
