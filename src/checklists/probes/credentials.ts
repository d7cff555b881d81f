import type { Finding } from '../../model/checklist-run.ts';
import type { Credential, Credentials } from '../../sources/credential.ts';
import { why } from '../../sources/why.ts';
import { age, counted } from '../../text/format.ts';
import type { Means, Probe, Seen } from '../checklist.ts';
import { finding } from '../finding.ts';
import { namespacesOf } from '../read-specs.ts';
import { together } from '../together.ts';

const DAY_MS = 86_400_000;

/** Certificates and tokens that run out soon, and secrets that nobody has renewed for long. */
export const credentials: Probe = {
  name: 'certificates, tokens, secrets',
  needs: ['workload'],
  async look(means) {
    const { fleet } = means;
    const asked = fleet.sources().filter(({ name, phase }) => phase !== 'unset' && fleet.source(name)?.credentials);
    const seen = await Promise.all(asked.map(({ name }) => lookAt(name, means)));
    const found = seen.flatMap(one => one.found);
    const ending = found.filter(({ endsAt }) => endsAt !== null);
    const next = Math.min(...ending.map(({ endsAt }) => endsAt ?? Number.POSITIVE_INFINITY));
    const secrets = found.filter(({ writtenAt }) => writtenAt !== null);
    return {
      findings: seen.flatMap(one => one.findings),
      facts: [
        ending.length === 0
          ? 'nothing that runs out'
          : `${counted(ending.length, 'certificate or token', 'certificates and tokens')}, the first ends ${when(next, fleet.now())}`,
        ...(secrets.length > 0 ? [counted(secrets.length, 'secret')] : []),
      ],
    };
  },
};

async function lookAt(
  source: string,
  { fleet, settings, signal }: Means,
): Promise<Pick<Seen, 'findings'> & Pick<Credentials, 'found'>> {
  const now = fleet.now();
  const target = (name: string) => `${source}: ${name}`;
  try {
    const read = await fleet.source(source)?.credentials?.(namespacesOf(fleet, source), signal);
    const { found, unread } = read ?? { found: [], unread: [] };
    const old = found.flatMap(each => aged(each, target, settings.secretDays, now));
    const ending = found.flatMap(each => endingSoon(each, target, settings.expiryDays, now));
    const untold = unread.map(({ name, why }) => finding(target(name), 'unknown', why));
    return { found, findings: [...ending, ...together(old, 'secret'), ...untold] };
  } catch (error) {
    signal.throwIfAborted();
    return { found: [], findings: [finding(source, 'unknown', `what runs out there is not known: ${why(error)}`)] };
  }
}

/** So near to its end that nobody can wait any more. */
const LATE_DAYS = 7;

function endingSoon(
  { name, endsAt }: Credential,
  target: (name: string) => string,
  days: number,
  now: number,
): Finding[] {
  if (endsAt === null || endsAt - now > days * DAY_MS) return [];
  return [finding(target(name), endsAt - now < LATE_DAYS * DAY_MS ? 'bad' : 'warn', `ends ${when(endsAt, now)}`)];
}

function aged({ name, writtenAt }: Credential, target: (name: string) => string, days: number, now: number): Finding[] {
  if (writtenAt === null || now - writtenAt < days * DAY_MS) return [];
  return [
    finding(target(name), 'warn', `not renewed for more than ${days} d`, [`last written ${age(now - writtenAt)} ago`]),
  ];
}

function when(at: number, now: number): string {
  return at < now ? `${age(now - at)} ago` : `in ${age(at - now)}`;
}
