import * as z from 'zod';

const Status = z.number().int().min(100).max(599);

const Address = z
  .string()
  .refine(isWebAddress, 'must be an http:// or https:// address')
  .refine(carriesNoPassword, 'must not carry a password: a profile holds no secret');

export const HttpCheck = z.strictObject({
  name: z.string().min(1),
  url: Address,
  method: z.enum(['GET', 'HEAD']).default('GET'),
  expectStatus: z
    .union([Status, z.array(Status).min(1)])
    .optional()
    .describe('what counts as well; 200 to 299 when left out. Redirections are not followed'),
  contains: z.string().min(1).optional().describe('text that must be in the first 256 KiB of the body'),
  host: z.string().min(1).optional().describe('Host header, to ask a proxy for one of its routes'),
  timeoutMs: z.number().int().min(100).max(60_000).default(5_000),
  insecure: z.boolean().default(false).describe('trust any certificate'),
});

export const HttpOptions = z
  .strictObject({
    kind: z.literal('http'),
    everySeconds: z.number().min(1).max(3600).default(10).describe('from the end of one check to its next'),
    checks: z.array(HttpCheck).min(1),
    registries: z
      .record(z.string().min(1), Address)
      .default({})
      .describe(
        'where registries of images are asked, by their names in images; https:// and that name where left out',
      ),
  })
  .refine(({ checks }) => new Set(checks.map(({ name }) => name)).size === checks.length, {
    path: ['checks'],
    error: 'each check needs a name of its own',
  });

/** Endpoints that a profile wants to be asked, and what they must answer. */
export type HttpOptions = z.infer<typeof HttpOptions>;
export type HttpCheck = z.infer<typeof HttpCheck>;

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:';
}

function carriesNoPassword(text: string): boolean {
  return !URL.parse(text)?.password;
}
