import { type Trouble, TroubleError } from '../../model/trouble.ts';
import { NotAllowed, NotThere } from '../kube-stream.ts';
import { why } from '../why.ts';
import { Silence } from './silence.ts';

/** PostgreSQL manual, appendix A: SQLSTATE codes. Network errors have Node's. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (error instanceof AggregateError && code === undefined) return codeOf(error.errors[0]);
  return typeof code === 'string' ? code : '';
}

/** The server, or the API server before it, answered and said no: wrong password, no entry for us, no such database, no right. */
export function isRefusal(error: unknown): boolean {
  return error instanceof NotAllowed || /^(28...|3D000|42501)$/.test(codeOf(error)) || asksForPassword(error);
}

/**
 * Every connection of the server is taken: one for each of max_connections. Not so when only those of a role or a
 * database are, or when the rest is reserved for superusers, which have the same SQLSTATE (53300).
 */
export function isFull(error: unknown): boolean {
  const { routine } = (error ?? {}) as { routine?: unknown };
  if (codeOf(error) === '53300' && routine !== undefined) return routine === 'InitProcess';
  return error instanceof Error && error.message.includes('too many clients already');
}

/**
 * Whether the failure is the server's own. Not so when a secret, a right or a way to it is missing on our side, or when
 * what lies between us may be what is silent (`indirect`).
 */
export function isItsOwn(error: unknown, indirect: boolean): boolean {
  if (error instanceof Silence) return !indirect || error.step === 'login';
  return !(error instanceof TroubleError) || error instanceof NotThere;
}

/** The failure in words, with what to do about it. `on` names the server. */
export function troubleOf(what: string, on: string, error: unknown): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  return { what, on, why: whyNot(error), fix: FIXES[codeOf(error)] ?? null };
}

export function whyNot(error: unknown): string {
  return asksForPassword(error) ? 'it asks for a password and none is set' : why(error);
}

function asksForPassword(error: unknown): boolean {
  return error instanceof Error && /^SASL: .*client password must be a/.test(error.message);
}

const FIXES: Readonly<Record<string, string>> = {
  '28P01': 'check user and password in the profile',
  '28000': "the server's pg_hba.conf must let us in",
  '3D000': 'check the name of the database in the profile',
  '42501': 'grant our role the right to read it',
  '42P01': 'check the name of the table in the profile',
  '53300': 'end sessions, or raise max_connections',
  ECONNREFUSED: 'is it up, and are address and port right?',
  ENOTFOUND: 'a name of the cluster or overlay network needs port-forward, exec, or an address of its own',
};
