import { printable } from '../../model/printable.ts';
import { type Client, Refusal, type Right, type Write, wasSent } from '../client.ts';
import type { Api, Question } from './api.ts';
import { ApiError } from './api-error.ts';
import { connectOn } from './connect.ts';
import { executeOn } from './execute.ts';
import { troubleOf } from './trouble.ts';

/** Speaks to one API server for actions. */
export function createClient(api: Api): Client {
  const { name, server, user } = api.context;

  async function ask(question: Question, what: string, signal: AbortSignal): Promise<unknown> {
    try {
      return await api.json(question, signal);
    } catch (error) {
      throw refusal(error, what, name);
    }
  }

  const change = ({ method, path, body, type }: Write, signal: AbortSignal) =>
    ask(
      { method, path, ...(body !== undefined && { body: JSON.stringify(body), type }) },
      `${method} ${printable(path)}`,
      signal,
    );

  return {
    target: server === null ? name : `${name} · ${server}`,
    identity: user,
    get: (path, signal) => ask({ path }, `read ${printable(path)}`, signal),
    async send(permit, write, signal) {
      permit.check();
      return change(write, signal);
    },
    // The server goes through everything but the storing (kubernetes.io, API concepts: dry-run).
    rehearse: (write, signal) => change(rehearsalOf(write), signal),
    async forbids(right, signal, other) {
      const { status } = (await ask(review(right, other), 'ask what is allowed', signal)) as AccessReview;
      if (status?.allowed) return null;
      return printable(status?.reason || `${other ?? user ?? 'this user'} may not ${wordsOf(right)}`);
    },
    execute: executeOn(api),
    connect: connectOn(api),
  };
}

interface AccessReview {
  status?: { allowed?: boolean; reason?: string };
}

/** A question, although it is a POST: nothing is stored (authorization.k8s.io/v1). */
function review({ verb, group, resource, subresource, namespace, name }: Right, user?: string): Question {
  const kind = user === undefined ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
  const resourceAttributes = { verb, group, resource, subresource, namespace: namespace ?? '', name };
  return {
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
    body: JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind,
      spec: { resourceAttributes, ...(user !== undefined && { user, groups: groupsOf(user) }) },
    }),
  };
}

/** Those that the server itself puts a service account in; nobody else's are known here. */
function groupsOf(user: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
  const accounts = namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return [...accounts, 'system:authenticated'];
}

export function wordsOf({ verb, resource, subresource, namespace }: Right): string {
  const what = subresource ? `${resource}/${subresource}` : resource;
  return `${verb} ${what}${namespace === null ? '' : ` in namespace ${namespace}`}`;
}

function refusal(error: unknown, what: string, on: string): Refusal {
  const trouble = troubleOf(error, what, on);
  if (!(error instanceof ApiError)) return new Refusal(trouble, { answer: wasSent(error) ? 'none' : 'unsent' }, error);
  const { status, reason: word, retryAfterMs } = error;
  return new Refusal(trouble, { answer: 'no', status, word, retryAfterMs }, error);
}

/** The options of a DELETE stand in its body: where there is one, the server does not read the query. */
function rehearsalOf(write: Write): Write {
  const path = withQuery(write.path, 'dryRun=All');
  if (write.method !== 'DELETE' || write.body === undefined) return { ...write, path };
  return { ...write, path, body: { ...(write.body as object), dryRun: ['All'] } };
}

function withQuery(path: string, query: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}
