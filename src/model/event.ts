export type Severity = 'info' | 'warn' | 'bad';

/** Something that happened, as a source tells it. All texts have passed `printable`. */
export interface Happening {
  /** The same key again is the same happening once more: it raises the count. */
  key: string;
  /** When it happened last, milliseconds since 1970. */
  at: number;
  severity: Severity;
  source: string;
  /** Id of the noun that it is about; the noun itself may be gone, or never have been seen. */
  about: string | null;
  /** How a human would name that: `pod/odoo-x-7f`. */
  subject: string;
  /** One word: BackOff, NotReady, update. */
  reason: string;
  message: string;
  /** How often so far, where the system itself counts; else left out. */
  count?: number;
}

/** A line of the feed: happenings with the same key folded into one. */
export interface FeedEvent extends Happening {
  id: string;
  firstAt: number;
  count: number;
}
