/** Something that could be watched, as the start screen offers it. */
export interface Choice {
  /** Stays the same from one start to the next: by it a choice is remembered. */
  name: string;
  title: string;
  note: string | null;
}

export interface StartOptions {
  choices: readonly Choice[];
  /** Names that are chosen at first: as last time, or what the systems' own commands would take. */
  chosen: readonly string[];
  /** What was looked for and not found, a sentence each. */
  passed: readonly string[];
  on: {
    open(names: string[]): void;
    demo(): void;
    /** Writes a profile and gives the sentence that tells of it. */
    write(names: string[]): string;
    suspend(): boolean;
    quit(): void;
  };
}

/** The state of the start screen: what was found, what is chosen, and the embedded platform as the last choice. */
export class Start {
  readonly options: StartOptions;
  readonly #listeners = new Set<() => void>();
  readonly #chosen: Set<string>;
  size = { columns: 80, rows: 24 };
  cursor = 0;
  message: string | null = null;
  version = 0;

  constructor(options: StartOptions) {
    this.options = options;
    this.#chosen = new Set(options.chosen);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  isChosen({ name }: Choice): boolean {
    return this.#chosen.has(name);
  }

  /** Whether the cursor stands on the embedded platform. */
  get onDemo(): boolean {
    return this.cursor === this.options.choices.length;
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    this.#changed();
  }

  press(key: string): void {
    this.message = null;
    const { choices, on } = this.options;
    if (key === 'q' || key === 'Ctrl+c') return on.quit();
    if (key === 'Ctrl+z') on.suspend();
    else if (key === 'Up' || key === 'k') this.cursor = Math.max(0, this.cursor - 1);
    else if (key === 'Down' || key === 'j') this.cursor = Math.min(choices.length, this.cursor + 1);
    else if (key === 'Space') this.#toggle();
    else if (key === 'Enter') this.#open();
    else if (key === 'w')
      this.message = this.#chosen.size > 0 ? on.write([...this.#chosen]) : 'choose something first (Space)';
    this.#changed();
  }

  #toggle(): void {
    const choice = this.options.choices[this.cursor];
    if (choice && !this.#chosen.delete(choice.name)) this.#chosen.add(choice.name);
  }

  #open(): void {
    if (this.onDemo) this.options.on.demo();
    else if (this.#chosen.size > 0) this.options.on.open([...this.#chosen]);
    else this.message = 'nothing is chosen: Space chooses what is under the cursor';
  }

  #changed(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
