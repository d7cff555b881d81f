import type { SwarmOptions } from './options.ts';

/**
 * What makes the docker command speak to the engine of these options; nothing where both take what the environment
 * says. Paths alone: no key is among them.
 */
export function flagsOf({ host, context, tls }: SwarmOptions): string[] {
  if (context !== undefined) return ['--context', context];
  if (host === undefined) return [];
  const file = (flag: string, path: string | undefined) => (path === undefined ? [] : [flag, path]);
  return [
    '--host',
    host,
    ...(tls ? [tls.verify === false ? '--tls' : '--tlsverify'] : []),
    ...file('--tlscacert', tls?.ca),
    ...file('--tlscert', tls?.cert),
    ...file('--tlskey', tls?.key),
  ];
}
