/** Why a container of a broken image ends, again and again. */
export interface Crash {
  exitCode: number;
  /** From the start of the container to its end. */
  afterMs: number;
  /** The last line that it writes. */
  lastLine: string;
}

/** What operators debug with: it comes from elsewhere, and is always there. */
const TOOLS = ['alpine', 'busybox', 'busybox:1.36', 'curlimages/curl', 'nicolaka/netshoot', 'postgres:18-alpine'];

/** The platform's registry: what can be pulled. An image that nobody pushed cannot run. */
export class Images {
  readonly #pushed = new Map<string, Crash | null>(TOOLS.map(image => [image, null]));

  /** `crash` when the image is broken. */
  push(image: string, crash: Crash | null = null): void {
    this.#pushed.set(tagged(image), crash);
  }

  /** With or without a digest behind its tag. */
  has(image: string): boolean {
    return this.#pushed.has(tagged(image));
  }

  /** The image of that name and tag, in whichever registry it is; null: nobody pushed it. */
  named(image: string): string | null {
    const wanted = tagged(image);
    return [...this.#pushed.keys()].find(each => each === wanted || each.endsWith(`/${wanted}`)) ?? null;
  }

  crashOf(image: string): Crash | null {
    return this.#pushed.get(tagged(image)) ?? null;
  }

  /** containerd's words for an image that is not there. */
  static refusal(image: string): string {
    return `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  }
}

/** `odoo` of `registry.example/odoo:18.0`. */
export function imageName(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*/, '');
}

function tagged(image: string): string {
  return image.replace(/@sha256:.*/, '').replace(/:latest$/, '');
}
