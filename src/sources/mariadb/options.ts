import * as z from 'zod';
import { namesOnePod, podFields } from '../pod-at.ts';
import { Tls } from '../postgres/options.ts';
import { SecretRef } from '../secret-ref.ts';

const Port = z.number().int().min(1).max(65_535).default(3306);

const Server = z
  .strictObject({
    host: z.string().min(1).optional(),
    port: Port,
    portForward: z
      .strictObject({ ...podFields, port: Port })
      .refine(namesOnePod, 'give either pod or selector')
      .optional(),
    user: z.string().min(1),
    password: SecretRef.optional(),
    ssl: Tls.optional(),
  })
  .refine(({ host, portForward }) => (host === undefined) !== (portForward === undefined), {
    error: 'give either host or portForward',
  });

/** MariaDB servers beside the platform's PostgreSQL, such as that of a billing system. */
export const MariadbOptions = z.strictObject({
  kind: z.literal('mariadb'),
  servers: z
    .record(z.string().min(1), Server)
    .describe('by name: host or portForward (a pod, its port), port, user, password and ssl of each'),
  everySeconds: z.number().min(1).max(3600).default(10).describe('from one reading to the next'),
});

export type MariadbOptions = z.infer<typeof MariadbOptions>;
export type MariadbServer = MariadbOptions['servers'][string];
