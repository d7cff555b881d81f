import * as z from 'zod';

export const HostOptions = z.strictObject({
  kind: z.literal('host'),
  everySeconds: z.number().min(1).max(3600).default(5),
  disk: z.string().min(1).default('/').describe('a path on the disk that is shown'),
});

/** The machine that the program runs on. */
export type HostOptions = z.infer<typeof HostOptions>;
