import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { type Trouble, TroubleError } from '../../model/trouble.ts';
import { why } from '../why.ts';
import { EngineError } from './engine-error.ts';
import { SshError } from './ssh.ts';

/**
 * How a question failed. `lost`: the engine was not reached. `silent`: it did not answer in time. `refused`: it is
 * reached and says no, or is not what was looked for, and asking again will not help. `forbidden`: this one question is
 * not allowed. `failed`: it answered, and could not.
 */
export type Manner = 'lost' | 'silent' | 'refused' | 'forbidden' | 'failed';

export interface Failure {
  manner: Manner;
  trouble: Trouble;
}

interface Meaning {
  manner: Manner;
  fix: string | null;
}

/**
 * What a failed question means for an operator.
 *
 * @param what was being done: "list services"
 * @param on the engine's address
 */
export function explain(error: unknown, what: string, on: string): Failure {
  if (error instanceof TroubleError) return { manner: 'refused', trouble: error.trouble };
  const { manner, fix } = meaning(error);
  return { manner, trouble: { what, on, why: reason(error), fix } };
}

function reason(error: unknown): string {
  if (isTimeout(error)) return error.message;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && syscall === 'connect') return 'there is no such socket';
  if (code === 'ENOENT' && syscall?.startsWith('spawn')) return 'no such command: ssh';
  if (code === 'EACCES' && syscall === 'connect') return 'this user may not open the socket';
  const inWords = error instanceof EngineError || error instanceof SshError;
  return inWords ? printable(maskText(message), 600) : maskText(why(error));
}

function meaning(error: unknown): Meaning {
  if (isTimeout(error)) return { manner: 'silent', fix: null };
  if (error instanceof EngineError) return meaningOfAnswer(error);
  if (error instanceof SshError) return meaningOfSsh(error.message);
  const { code, syscall } = error as NodeJS.ErrnoException;
  // What goes wrong on the way has a code; without one, the answer made no sense.
  if (code === undefined) return { manner: 'failed', fix: null };
  if (code === 'EACCES') return { manner: 'refused', fix: 'add this user to the group docker, and log in again' };
  if (syscall?.startsWith('spawn')) return { manner: 'refused', fix: 'install the OpenSSH client' };
  if (code === 'ENOENT') return { manner: 'lost', fix: 'is the engine running here? Else name its host' };
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|SSL|EPROTO/.test(code))
    return { manner: 'refused', fix: 'look at tls in the profile, or at DOCKER_CERT_PATH and DOCKER_TLS_VERIFY' };
  return { manner: 'lost', fix: null };
}

/**
 * The engine tells a worker, a node outside of a swarm and a locked one by 503 and a sentence, and a swarm without a
 * leader by 500 (20.10) or 503 (later) and another one (moby, daemon/cluster/errors.go).
 */
function meaningOfAnswer({ status, message }: EngineError): Meaning {
  if (/being prepared or has trouble connecting/i.test(message)) return { manner: 'failed', fix: null };
  if (/not a swarm manager/i.test(message)) {
    const worker = /worker nodes/i.test(message);
    return {
      manner: 'refused',
      fix: worker ? 'name a manager as the host' : 'docker swarm init or join, or name another host',
    };
  }
  if (/encrypted and needs to be unlocked/i.test(message)) return { manner: 'refused', fix: 'docker swarm unlock' };
  if (/does not have a leader|deadline ?exceeded/i.test(message))
    return {
      manner: 'failed',
      fix: 'bring managers back until more than half run; when they are lost for good: docker swarm init --force-new-cluster',
    };
  if (/HTTP request to an HTTPS server/i.test(message))
    return {
      manner: 'refused',
      fix: 'it speaks TLS: set tls in the profile, or DOCKER_TLS_VERIFY and DOCKER_CERT_PATH',
    };
  if (status === 401 || status === 403)
    return { manner: 'forbidden', fix: 'an authorization plugin or a proxy in front of the engine must allow it' };
  return { manner: 'failed', fix: null };
}

function meaningOfSsh(words: string): Meaning {
  if (/IDENTIFICATION HAS CHANGED|verification failed/.test(words))
    return { manner: 'refused', fix: 'look at its key once by hand: ssh to that host' };
  if (/Permission denied \(/.test(words))
    return { manner: 'refused', fix: 'load a key with ssh-add, or name one for this host in ~/.ssh/config' };
  if (/docker.*not found/.test(words))
    return { manner: 'refused', fix: 'the docker command must be installed on that host: dial-stdio is part of it' };
  if (/permission denied/i.test(words))
    return { manner: 'refused', fix: 'that user must be in the group docker on that host' };
  return { manner: 'lost', fix: null };
}

function isTimeout(error: unknown): error is Error {
  return error instanceof Error && error.name === 'TimeoutError';
}
