import * as z from 'zod';
import { Port, PortForward, Tls } from '../sources/postgres/options.ts';
import { SecretRef } from '../sources/secret-ref.ts';

/** Where the team's store is: a PostgreSQL with which the journals of all operators are shared. */
export const TeamOptions = z
  .strictObject({
    host: z.string().min(1).optional().describe('name or address, or the folder of a local socket'),
    port: Port.optional().describe('5432 when left out'),
    portForward: PortForward.optional(),
    user: z.string().min(1).optional().describe('the role; PGUSER or your login name when left out'),
    password: SecretRef.optional(),
    ssl: Tls.optional(),
    database: z.string().min(1).default('quarterdeck'),
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*$/, 'a name in small letters')
      .default('quarterdeck')
      .describe('where the tables are; each platform needs one of its own'),
  })
  .refine(
    ({ host, portForward }) => (host === undefined) !== (portForward === undefined),
    'give either host or portForward',
  )
  .describe('a PostgreSQL with which the journals of all operators are shared');

export type TeamOptions = z.infer<typeof TeamOptions>;
