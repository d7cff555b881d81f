import { EventEmitter } from 'node:events';
import type { Out } from '../../src/stage/stage.ts';

/** A terminal's write stream that remembers. */
export class FakeOut extends EventEmitter implements Out {
  columns: number;
  rows: number;
  writes: string[] = [];
  /** What `write` returns. */
  takesMore = true;
  /** Runs inside each write: passes time, throws. */
  onWrite: (text: string) => void = () => {};

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.onWrite(text);
    this.writes.push(text);
    return this.takesMore;
  }

  /** What was written since the last call. */
  taken(): string[] {
    return this.writes.splice(0);
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }
}
