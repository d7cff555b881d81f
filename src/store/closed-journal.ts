import { type Trouble, TroubleError } from '../model/trouble.ts';
import type { Journal } from './journal.ts';

/** A journal that cannot be opened: every write is refused with the reason. */
export function closedJournal(trouble: Trouble): Journal {
  const refuse = (): never => {
    throw new TroubleError(trouble);
  };
  return {
    closed: trouble,
    begin: refuse,
    end: refuse,
    deeds: () => [],
    deed: () => null,
    open: () => [],
    unknown: () => [],
    durations: () => [],
    keep: refuse,
    kept: () => [],
    team: () => [],
    keptByOthers: () => [],
    verify: refuse,
    get chains() {
      return refuse();
    },
    isOpen: false,
    close: () => {},
  };
}
