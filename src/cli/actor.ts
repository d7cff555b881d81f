import { userInfo } from 'node:os';
import { printable } from '../model/printable.ts';
import type { Options } from './arguments.ts';

/** Who acts, as the journal names them. */
export interface Actor {
  operator: string;
  /** Address that the operator came from by SSH. */
  sshClient: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `--as` or QD_OPERATOR; else who became another user by sudo; else the login name. */
export function actorOf(
  { as, readOnly, noJournal }: Pick<Options, 'as' | 'readOnly' | 'noJournal'>,
  env: Environment = process.env,
): { actor: Actor; readOnly: boolean; noJournal: boolean } {
  const operator = as ?? env.QD_OPERATOR ?? env.SUDO_USER ?? loginName(env);
  const sshClient = (env.SSH_CONNECTION ?? env.SSH_CLIENT)?.split(' ')[0] ?? null;
  return {
    actor: { operator: printable(operator), sshClient: sshClient && printable(sshClient) },
    readOnly,
    noJournal,
  };
}

/** A container's user may have no name. */
function loginName(env: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
