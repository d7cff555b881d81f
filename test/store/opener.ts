import { openDatabase } from '../../src/store/database.ts';

/** A program that opens each database that it is told, and says how that went. */
process.on('message', (path: string) => {
  try {
    openDatabase(path, 5_000).close();
    process.send?.('made');
  } catch (error) {
    process.send?.(String(error));
  }
});
