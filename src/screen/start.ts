/** Something that could be watched, as the start screen offers it. */
export interface Choice {
  /** Stays the same from one start to the next: by it a choice is remembered. */
  name: string;
  title: string;
  note: string | null;
}

/** What was found on this machine. */
export interface Offer {
  choices: readonly Choice[];
  /** Names that are chosen where the operator has not said otherwise. */
  chosen: readonly string[];
  /** What was looked for and not found, a sentence each. */
  passed: readonly string[];
  /** Nothing but the machine itself is there. */
  isNothing: boolean;
}

export interface StartOptions {
  /** Names of saved profiles. */
  profiles: readonly string[];
  /** What was opened last time; null: nothing yet. */
  lastTime: { profile: string } | { names: readonly string[] } | null;
  /** Where there is no profile and nothing is found, the embedded platform opens by itself. */
  orDemo: boolean;
  on: {
    /** Gives the reason when it cannot be opened, else null. */
    openProfile(name: string): string | null;
    open(names: string[]): void;
    demo(): void;
    /** Writes a profile; gives the sentence that tells of it, and the profiles that there are now. */
    write(names: string[]): { message: string; profiles: readonly string[] };
    suspend(): boolean;
    quit(): void;
  };
}

/** What the cursor can stand on. */
export type Row = { type: 'profile'; name: string } | ({ type: 'choice' } & Choice) | { type: 'demo' };

/**
 * The state of the start screen: the saved profiles, what is found, and the embedded platform as the last choice. It is
 * there before anything is found, and is filled as findings come.
 */
export class Start {
  readonly #options: StartOptions;
  readonly #listeners = new Set<() => void>();
  readonly #chosen = new Set<string>();
  /** What the operator has chosen or not by hand: later findings leave it alone. */
  readonly #touched = new Set<string>();
  #profiles: readonly string[];
  #choices: readonly Choice[] = [];
  /** The row under the cursor, wherever others come above it. null: not moved yet. */
  #at: string | null = null;
  /** Something was opened, or the operator left: only leaving is obeyed from now on. */
  #opened = false;
  passed: readonly string[] = [];
  looking = true;
  size = { columns: 80, rows: 24 };
  message: string | null = null;
  version = 0;

  constructor(options: StartOptions) {
    const { profiles, lastTime } = options;
    this.#options = options;
    this.#profiles = profiles;
    if (lastTime && 'profile' in lastTime) this.#at = keyOf({ type: 'profile', name: lastTime.profile });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get rows(): Row[] {
    return [
      ...this.#profiles.map(name => ({ type: 'profile' as const, name })),
      ...this.#choices.map(choice => ({ type: 'choice' as const, ...choice })),
      { type: 'demo' },
    ];
  }

  /** Index of the row under the cursor; -1 while that is still looked for. */
  get cursor(): number {
    const index = this.rows.findIndex(row => keyOf(row) === this.#at);
    if (index >= 0) return index;
    const { lastTime } = this.#options;
    const isAwaited = this.#profiles.length === 0 || (lastTime && 'names' in lastTime);
    return this.looking && isAwaited ? -1 : 0;
  }

  isChosen({ name }: Choice): boolean {
    return this.#chosen.has(name);
  }

  /** Takes what was found; what the operator has chosen meanwhile stays. */
  found({ choices, chosen, passed, isNothing }: Offer): void {
    this.looking = false;
    if (this.message === STILL_LOOKING) this.message = null;
    this.#choices = choices;
    this.passed = passed;
    for (const { name } of choices) {
      if (this.#touched.has(name)) continue;
      if (chosen.includes(name)) this.#chosen.add(name);
      else this.#chosen.delete(name);
    }
    const { lastTime, orDemo } = this.#options;
    if (lastTime && 'names' in lastTime) {
      const first = choices.find(({ name }) => lastTime.names.includes(name));
      if (first) this.#at ??= keyOf({ type: 'choice', ...first });
    }
    if (orDemo && isNothing && this.#profiles.length === 0) this.#demo();
    this.#changed();
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    this.#changed();
  }

  /** A sentence for the footer, until the next key. */
  tell(message: string): void {
    this.message = message;
    this.#changed();
  }

  press(key: string): void {
    const { on } = this.#options;
    if (key === 'q' || key === 'Ctrl+c') {
      this.#opened = true;
      return on.quit();
    }
    if (key === 'Ctrl+z') on.suspend();
    else if (!this.#opened) {
      this.message = null;
      if (key === 'Up' || key === 'k') this.#move(-1);
      else if (key === 'Down' || key === 'j') this.#move(1);
      else if (key === 'Space') this.#toggle();
      else if (key === 'Enter') this.#open();
      else if (key === 'w') this.#write();
    }
    this.#changed();
  }

  #move(by: number): void {
    const { rows } = this;
    const row = rows[Math.max(0, Math.min(rows.length - 1, this.cursor + by))];
    if (row) this.#at = keyOf(row);
  }

  #toggle(): void {
    const row = this.rows[this.cursor];
    if (row?.type === 'choice') {
      this.#touched.add(row.name);
      if (!this.#chosen.delete(row.name)) this.#chosen.add(row.name);
    } else if (row) this.message = 'Enter opens it';
  }

  #open(): void {
    const { on } = this.#options;
    const row = this.rows[this.cursor];
    if (!row) this.message = STILL_LOOKING;
    else if (row.type === 'demo') this.#demo();
    else if (row.type === 'profile') {
      this.message = on.openProfile(row.name);
      this.#opened = this.message === null;
    } else if (this.#chosen.size > 0) {
      this.#opened = true;
      on.open(this.#names());
    } else this.message = 'nothing is chosen: Space chooses what is under the cursor';
  }

  #demo(): void {
    if (this.#opened) return;
    this.#opened = true;
    this.message = 'starting the embedded platform …';
    this.#options.on.demo();
  }

  #write(): void {
    if (this.looking) this.message = STILL_LOOKING;
    else if (this.#chosen.size === 0) this.message = 'choose something first (Space)';
    else {
      const { message, profiles } = this.#options.on.write(this.#names());
      // The cursor stays on its row when the new profile comes above it.
      this.#move(0);
      this.message = message;
      this.#profiles = profiles;
    }
  }

  #names(): string[] {
    return this.#choices.filter(choice => this.isChosen(choice)).map(({ name }) => name);
  }

  #changed(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}

const STILL_LOOKING = 'still looking …';

const keyOf = (row: Row): string => (row.type === 'demo' ? row.type : `${row.type} ${row.name}`);
