import * as z from 'zod';
import { PodAt } from '../pod-at.ts';

const Command = z.array(z.string().min(1)).min(1);

const Reader = z.union([
  z.strictObject({
    command: Command.describe('put before getfattr, find and ceph, and sh where a directory is changed: [sudo, -n]'),
  }),
  z.strictObject({
    // A name that begins with - would be taken for an option.
    ssh: z
      .string()
      .regex(/^[^-\s]\S*$/, 'must be a host as ssh takes it')
      .describe('host, as ssh takes it'),
  }),
  z.strictObject({ pod: PodAt }),
  z.strictObject({
    service: z.string().min(1).describe('a Swarm service that has the mount'),
    host: z.string().optional().describe('the engine on which it runs, as DOCKER_HOST takes it'),
  }),
]);

export const CephfsOptions = z.strictObject({
  kind: z.literal('cephfs'),
  mount: z
    .string()
    .regex(/^\//, 'must be an absolute path')
    .describe('where the file system is mounted, seen from the reader'),
  fileSystem: z.string().min(1).optional().describe('its name, where the cluster has several'),
  reader: Reader.optional().describe('where the commands run that touch the mount; without it: on this machine'),
  directories: z
    .array(z.string().refine(isBelow, 'must be a path below the mount, without . and ..; only the last part may be *'))
    .describe('paths below the mount; a last part * stands for all directories one level below'),
  backups: z
    .strictObject({
      directory: z.string().min(1).describe('below the mount, or absolute'),
      pattern: z
        .string()
        .refine(namesParts, 'must be a regular expression with the named groups database, taken and part')
        .describe('names in a file name: database, taken (YYYYMMDD_HHMMSS, UTC), part (database or data)'),
    })
    .optional(),
  ceph: z
    .union([z.strictObject({ command: Command.default(['ceph']) }), z.literal(false)])
    .optional()
    .describe('how the cluster is asked; false: not at all'),
  everySeconds: z.number().min(1).default(15).describe('from the end of one reading to the next'),
});

export type CephfsOptions = z.output<typeof CephfsOptions>;

function isBelow(path: string): boolean {
  const parts = path.split('/');
  const last = parts.pop();
  const plain = (part: string) => !['', '.', '..'].includes(part) && !/[*\0]/.test(part);
  return parts.every(plain) && last !== undefined && (last === '*' || plain(last));
}

function namesParts(pattern: string): boolean {
  try {
    new RegExp(pattern);
  } catch {
    return false;
  }
  return ['database', 'taken', 'part'].every(group => pattern.includes(`(?<${group}>`));
}
