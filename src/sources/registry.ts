/** What a reference to an image names. */
export interface ImageName {
  /** `docker.io`, `registry.example:5000` */
  registry: string;
  /** `library/redis` */
  name: string;
  tag: string;
  /** `sha256:…`; null: it is not pinned. */
  digest: string | null;
}

const FORM =
  /^(?:([a-z\d][a-z\d.-]*(?::\d+)?)\/)?([a-z\d][a-z\d._/-]*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[a-f\d]{64}))?$/;

/** As the docker command reads it (distribution/reference); null: it is none. */
export function parseImage(reference: string): ImageName | null {
  const [, first = null, rest, tag = 'latest', digest = null] = FORM.exec(reference) ?? [];
  if (rest === undefined) return null;
  const isHost = first !== null && (/[.:]/.test(first) || first === 'localhost');
  if (isHost && first !== HUB && first !== 'index.docker.io') return { registry: first, name: rest, tag, digest };
  const path = isHost || first === null ? rest : `${first}/${rest}`;
  return { registry: HUB, name: path.includes('/') ? path : `library/${path}`, tag, digest };
}

const HUB = 'docker.io';

/** Where a registry answers, unless the profile says otherwise. */
export const addressOf = (registry: string): string =>
  registry === HUB ? 'https://registry-1.docker.io' : `https://${registry}`;

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Manifest {
  manifests?: { digest?: unknown; platform?: { os?: unknown; architecture?: unknown } }[];
  config?: { digest?: unknown };
}

const MOST_LETTERS = 4 * 2 ** 20;

/** A registry, asked without a name or a password (distribution spec, version 2). Each call rejects with why not. */
export class Registry {
  readonly #url: string;
  /** By the image: a registry that wants a token gives one to anybody for what anybody may pull. */
  readonly #tokens = new Map<string, string>();

  constructor(url: string) {
    this.#url = url.replace(/\/$/, '');
  }

  /** The digest that a tag stands for now; null: it does not say. */
  async digestOf({ name, tag }: ImageName, signal: AbortSignal): Promise<string | null> {
    const response = await this.#ask('HEAD', name, `manifests/${tag}`, signal);
    return response.headers.get('docker-content-digest');
  }

  /** When it was made, milliseconds since 1970; null where that was left out on purpose, as builds do that repeat. */
  async madeAt({ name, tag }: ImageName, signal: AbortSignal): Promise<number | null> {
    let manifest = (await this.#json(name, `manifests/${tag}`, signal)) as Manifest;
    const [first] = manifest.manifests ?? [];
    const one =
      manifest.manifests?.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64') ??
      first;
    if (one) manifest = (await this.#json(name, `manifests/${String(one.digest)}`, signal)) as Manifest;
    const { digest } = manifest.config ?? {};
    if (typeof digest !== 'string') return null;
    const { created } = (await this.#json(name, `blobs/${digest}`, signal)) as { created?: unknown };
    const at = typeof created === 'string' ? Date.parse(created) : Number.NaN;
    return at > EARLIEST ? at : null;
  }

  async #json(name: string, path: string, signal: AbortSignal): Promise<unknown> {
    const response = await this.#ask('GET', name, path, signal);
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.length > MOST_LETTERS) throw new Error('its answer is too long');
    }
    return JSON.parse(text);
  }

  async #ask(method: 'GET' | 'HEAD', name: string, path: string, signal: AbortSignal): Promise<Response> {
    const send = () => {
      const token = this.#tokens.get(name);
      const headers = {
        accept: MANIFESTS,
        'user-agent': 'quarterdeck',
        ...(token && { authorization: `Bearer ${token}` }),
      };
      return fetch(`${this.#url}/v2/${name}/${path}`, { method, headers, signal });
    };
    let response = await send();
    const challenge = response.headers.get('www-authenticate') ?? '';
    if (response.status === 401 && /^bearer /i.test(challenge) && !this.#tokens.has(name)) {
      this.#tokens.set(name, await this.#token(name, challenge, signal));
      response = await send();
    }
    if (response.status === 401 || response.status === 403) throw new Error('it wants a login');
    if (response.status === 404) throw new Error('it has no such tag');
    if (!response.ok) throw new Error(`it answered with status ${response.status}`);
    return response;
  }

  async #token(name: string, challenge: string, signal: AbortSignal): Promise<string> {
    const parts = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
    const realm = URL.parse(parts.realm ?? '');
    // Whoever is between us and the registry shall not send us anywhere in the clear.
    if (!realm || (realm.protocol !== 'https:' && realm.origin !== new URL(this.#url).origin))
      throw new Error('it wants a login');
    if (parts.service) realm.searchParams.set('service', parts.service);
    realm.searchParams.set('scope', `repository:${name}:pull`);
    const response = await fetch(realm, { signal });
    const { token, access_token } = (response.ok ? await response.json() : {}) as Record<string, unknown>;
    const given = token ?? access_token;
    if (typeof given !== 'string') throw new Error('it wants a login');
    return given;
  }
}

/** What is dated before there were containers is dated so on purpose. */
const EARLIEST = Date.UTC(2013, 0);
