import * as z from 'zod';

const Path = z.string().min(1);
const Host = z
  .string()
  .regex(/^(unix:\/\/\/|tcp:\/\/|ssh:\/\/)./, 'must be unix:///path, tcp://host:port or ssh://user@host');

export const SwarmOptions = z
  .strictObject({
    kind: z.literal('swarm'),
    host: Host.optional().describe(
      'a manager, as DOCKER_HOST has it; without it whatever the docker command would take',
    ),
    context: z.string().min(1).optional().describe('a context of the docker command; pinned, never followed'),
    tls: z
      .strictObject({
        ca: Path.optional().describe('file with the authority that signed the engine’s certificate'),
        cert: Path.optional().describe('file with our certificate'),
        key: Path.optional().describe('file with its key'),
        verify: z.boolean().default(true).describe('false: take any certificate of the engine'),
      })
      .optional()
      .describe('TLS for a tcp:// host; without it DOCKER_TLS_VERIFY and DOCKER_CERT_PATH decide'),
    engines: z
      .record(z.string().min(1), Host)
      .optional()
      .describe(
        'how the engines of the nodes are reached, for shells and cleaning up there, by the name of the node, "*" for all others: {"*": "ssh://ops@{node}"}; {address} is what the swarm has as the node’s',
      ),
  })
  .refine(({ host, context }) => host === undefined || context === undefined, 'give host or context, not both');

/** A Swarm source as it stands in the profile. */
export type SwarmOptions = z.input<typeof SwarmOptions>;
