import * as z from 'zod';

/** Where a secret is to be found. A profile never holds the secret itself. */
export const SecretRef = z
  .union([
    z.strictObject({ env: z.string().min(1).describe('name of an environment variable') }),
    z.strictObject({ file: z.string().min(1).describe('path of a file; one line break at its end is left out') }),
    z.strictObject({ command: z.array(z.string()).min(1).describe('argument list; what it prints is the secret') }),
  ])
  .describe(
    'where a secret is found: {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT, …]}; never the secret itself',
  );

export type SecretRef = z.infer<typeof SecretRef>;
