import { printable } from '../../model/printable.ts';
import { type Client, Refusal } from '../client.ts';

/** Something on an engine that nothing uses. */
export interface Waste {
  id: string;
  name: string;
  /** null: it is not measured. */
  bytes: number | null;
}

export const WASTES = [
  'containers',
  'images',
  'all-images',
  'volumes',
  'all-volumes',
  'networks',
  'build-cache',
] as const;
export type WasteKind = (typeof WASTES)[number];

/** What `docker system df` counts (GET /system/df, API 1.41 to 1.51). */
interface DiskUsage {
  Images?: { Id?: string; RepoTags?: string[] | null; Size?: number; Containers?: number }[] | null;
  Containers?: { Id?: string; Names?: string[]; State?: string; SizeRw?: number }[] | null;
  Volumes?: { Name?: string; Labels?: object | null; UsageData?: { Size?: number; RefCount?: number } | null }[] | null;
  BuildCache?: { ID?: string; InUse?: boolean; Shared?: boolean; Size?: number; Description?: string }[] | null;
}

/** What pruning would remove on the engine that is asked. `spares`: see `sparesNamedVolumes`. */
export async function wasteOf(kind: WasteKind, spares: boolean, client: Client, signal: AbortSignal): Promise<Waste[]> {
  if (kind === 'networks') return unusedNetworks(client, signal);
  const { Images, Containers, Volumes, BuildCache } = (await client.get('/system/df', signal)) as DiskUsage;
  switch (kind) {
    case 'containers':
      return (Containers ?? [])
        .filter(({ State = '' }) => ['created', 'exited', 'dead'].includes(State))
        .map(({ Id = '', Names = [], SizeRw = 0 }) => waste(Id, Names[0]?.replace(/^\//, ''), SizeRw));
    case 'images':
    case 'all-images':
      return (Images ?? [])
        .filter(({ Containers: users, RepoTags }) => users === 0 && (kind === 'all-images' || isNameless(RepoTags)))
        .map(({ Id = '', RepoTags, Size = 0 }) => waste(Id, isNameless(RepoTags) ? shortId(Id) : RepoTags?.[0], Size));
    case 'volumes':
    case 'all-volumes':
      return (Volumes ?? [])
        .filter(({ UsageData, Labels }) => {
          const isAnonymous = Labels !== null && ANONYMOUS in (Labels ?? {});
          return UsageData?.RefCount === 0 && (kind === 'all-volumes' || !spares || isAnonymous);
        })
        .map(({ Name = '', UsageData }) => waste(Name, Name, known(UsageData?.Size)));
    case 'build-cache':
      return (BuildCache ?? [])
        .filter(({ InUse }) => !InUse)
        .map(({ ID = '', Description, Size = 0, Shared }) => waste(ID, Description ?? ID, Shared ? 0 : Size));
  }
}

const ANONYMOUS = 'com.docker.volume.anonymous';

/** Before API 1.42 pruning volumes took those with names as well. */
export async function sparesNamedVolumes(client: Client, signal: AbortSignal): Promise<boolean> {
  const { ApiVersion } = (await client.get('/version', signal)) as { ApiVersion?: string };
  const [major = 0, minor = 0] = String(ApiVersion).split('.').map(Number);
  return major > 1 || minor >= 42;
}

const OWN = ['bridge', 'host', 'none', 'ingress', 'docker_gwbridge'];

/** Networks that neither containers nor services use. */
async function unusedNetworks(client: Client, signal: AbortSignal): Promise<Waste[]> {
  const filters = encodeURIComponent(JSON.stringify({ dangling: ['true'] }));
  const networks = (await client.get(`/networks?filters=${filters}`, signal)) as {
    Id?: string;
    Name?: string;
    Ingress?: boolean;
  }[];
  const used = await networksOfServices(client, signal);
  return networks
    .filter(({ Id = '', Name = '', Ingress }) => !Ingress && !OWN.includes(Name) && !used.has(Id) && !used.has(Name))
    .map(({ Id = '', Name }) => waste(Id, Name, null));
}

interface UsingNetworks {
  Spec?: { TaskTemplate?: { Networks?: { Target?: string }[] | null }; Networks?: { Target?: string }[] | null };
}

async function networksOfServices(client: Client, signal: AbortSignal): Promise<Set<string>> {
  try {
    const services = (await client.get('/services', signal)) as UsingNetworks[];
    const targets = services.flatMap(({ Spec }) => [
      ...(Spec?.TaskTemplate?.Networks ?? []),
      ...(Spec?.Networks ?? []),
    ]);
    return new Set(targets.map(({ Target = '' }) => Target));
  } catch (error) {
    // A worker knows no services, and its own networks are not theirs.
    if (error instanceof Refusal && error.answer === 'no') return new Set();
    throw error;
  }
}

function waste(id: string, name: string | undefined, bytes: number | null): Waste {
  return { id, name: printable(name ?? id, 60), bytes };
}

/** -1 where it was not measured. */
function known(size: number | undefined): number | null {
  return size === undefined || size < 0 ? null : size;
}

function isNameless(tags: string[] | null | undefined): boolean {
  return (tags ?? []).every(tag => tag === '<none>:<none>');
}

function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
