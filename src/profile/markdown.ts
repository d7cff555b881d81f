import { CephfsOptions } from '../sources/cephfs/options.ts';
import { HostOptions } from '../sources/host/options.ts';
import { HttpOptions } from '../sources/http/options.ts';
import { kubernetesOptions } from '../sources/kubernetes/options.ts';
import { MariadbOptions } from '../sources/mariadb/options.ts';
import { PostgresOptions } from '../sources/postgres/options.ts';
import { SwarmOptions } from '../sources/swarm/options.ts';
import { BUILT_IN } from './built-in.ts';
import { ProfileSchema } from './schema.ts';
import { markdownTable, type SchemaRow, schemaRows } from './schema-rows.ts';

const SOURCES = [
  kubernetesOptions,
  SwarmOptions,
  PostgresOptions,
  MariadbOptions,
  CephfsOptions,
  HttpOptions,
  HostOptions,
];

/** The reference of profiles, made from their schema. */
export function profileMarkdown(): string {
  const top = schemaRows(ProfileSchema).filter(({ key }) => !/^(keys|thresholds)\./.test(key));
  const thresholds = schemaRows(ProfileSchema).filter(({ key }) => key.startsWith('thresholds.'));
  const sources = SOURCES.flatMap(schema => {
    const rows = schemaRows(schema);
    const kind = rows.find(({ key }) => key === 'kind')?.type.replaceAll('"', '');
    return [`### ${kind}`, '', table(rows.filter(({ key }) => key !== 'kind')), ''];
  });
  return [INTRODUCTION, table(top), '', '## Sources', '', ...sources, '## Thresholds', '', table(thresholds), ''].join(
    '\n',
  );
}

function table(rows: readonly SchemaRow[]): string {
  return markdownTable(
    ['key', 'value', 'usually', ''],
    rows.map(({ key, type, required, usual, help }) => [
      `\`${key}\`${required ? ' **needed**' : ''}`,
      type,
      usual === null ? '' : `\`${usual}\``,
      help,
    ]),
  );
}

const INTRODUCTION = `# Profiles

A profile describes a platform: what is watched and how it is reached. It is a YAML file,
\`\${XDG_CONFIG_HOME:-~/.config}/quarterdeck/NAME.yaml\`, opened by \`quarterdeck --platform NAME\`, or any file with
\`--profile FILE\`. The only one, or the one that is called \`default\`, opens by itself in a terminal; \`--choose\` asks all
the same. \`quarterdeck config init [NAME]\` writes one from what it finds on the machine and never over one that
is there; \`config check [FILE]\` names each mistake with its line; \`config schema\` prints the JSON Schema for editors.

\`\`\`yaml
name: production
title: acme · production
namespace: shop
sources:
  kubernetes: { kind: kubernetes, context: prod }
  swarm: { kind: swarm, host: "ssh://ops@manager-1" }
  files: { kind: cephfs, mount: /mnt/cephfs, directories: ["tenants/*"], reader: { ssh: storage-1 } }
\`\`\`

\`extends: ${BUILT_IN.join(' or ')}\` lays the file over a built-in profile: mappings key by key, lists replaced, \`null\` takes
away what that has. A name in \`$\` and braces stands for a value of \`variables\`; with a \`?\` behind it, the key is left
out where there is none. Passwords never stand in a profile: where
one is needed, \`{env: NAME}\`, \`{file: PATH}\` or \`{command: [PROGRAM, ARGUMENT]}\` says where it is found.

## Keys
`;
