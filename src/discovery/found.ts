import type { SourceInput } from '../profile/schema.ts';
import type { SourceKind } from '../sources/source.ts';

/** Something on this machine that could be watched. */
export interface Found {
  kind: SourceKind;
  /** A name for it as a source, unique among what was found. */
  name: string;
  /** For people who choose: "Kubernetes context prod". */
  title: string;
  /** Where it is and what is known of it without asking further. */
  note: string | null;
  /** As a profile has it. */
  options: SourceInput;
  /** The system's own commands would take it when nothing else is said. */
  isDefault: boolean;
  /** The namespace or stack that it begins with. */
  namespace?: string;
}

/** What a search came upon, and what it passed over, a sentence each. */
export interface Findings {
  found: Found[];
  passed: string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether anything but the machine itself is there. */
export function isSomething({ kind }: Found): boolean {
  return kind !== 'host';
}
