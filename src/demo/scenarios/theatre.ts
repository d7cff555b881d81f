import { RECOVER, SCENARIOS } from './index.ts';
import type { Levers, Mend, With } from './scenario.ts';

/** Lets scenarios happen, and mends them when their time is over or when it is told to. */
export class Theatre {
  readonly #levers: Levers;
  /** By name: what mends it, and the timer that will. */
  readonly #running = new Map<string, { mend: Mend | null; timer: NodeJS.Timeout | undefined }>();

  constructor(levers: Levers) {
    this.#levers = levers;
  }

  static get names(): string[] {
    return [...SCENARIOS.map(each => each.name), RECOVER];
  }

  /**
   * Starts a scenario; one that runs already is mended first, so that it begins anew. `with: {seconds}` says for how
   * long. Rejects when there is none of that name, or when it cannot be.
   */
  async trigger(name: string, options: With = {}): Promise<void> {
    if (name === RECOVER) return this.recover();
    const scenario = SCENARIOS.find(each => each.name === name);
    if (!scenario) throw new RangeError(`there is no scenario ${name}; there are ${Theatre.names.join(', ')}`);
    await this.#mend(name);
    this.#levers.world.catchUp();
    const mend = await scenario.start(this.#levers, options);
    const seconds = options.seconds === undefined ? scenario.seconds : Number(options.seconds);
    const timer = mend && seconds ? setTimeout(() => void this.#mend(name), seconds * 1000) : undefined;
    this.#running.set(name, { mend, timer });
  }

  async recover(): Promise<void> {
    for (const name of [...this.#running.keys()]) await this.#mend(name);
  }

  /** Nothing more will happen; what is broken stays so. */
  close(): void {
    for (const { timer } of this.#running.values()) clearTimeout(timer);
    this.#running.clear();
  }

  async #mend(name: string): Promise<void> {
    const running = this.#running.get(name);
    if (!running) return;
    this.#running.delete(name);
    clearTimeout(running.timer);
    this.#levers.world.catchUp();
    await running.mend?.();
  }
}
