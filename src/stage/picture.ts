/** Lines that are cut to the width of a rectangle, and where on the screen that stands, in columns and rows. */
export interface Placed {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** Lines beyond it are cut; rows that no line is given for are left as they are. */
  readonly height: number;
  /** May carry SGR sequences; each begins plain. */
  readonly lines: readonly string[];
}

/** What the screen is to show: later ones lie over those before; what none covers is blank. */
export type Picture = readonly Placed[];
