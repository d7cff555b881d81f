import { openJournal } from '../../src/store/journal.ts';
import { TeamOptions } from '../../src/team/options.ts';
import { share } from '../../src/team/share.ts';
import { endingOf, intentOf } from '../helpers/deeds.ts';

/** A program of its own that keeps a journal and shares it: to be run beside others, and killed. STORE OPTIONS NAME DEEDS */
const [store = '', options = '', name = '', deeds = '0'] = process.argv.slice(2);
const journal = openJournal(store, () => team.hurry());
const team = share(journal, TeamOptions.parse(JSON.parse(options)));
for (let n = 0; n < Number(deeds); n++) {
  const intent = intentOf({ operator: name, at: n });
  journal.begin(intent);
  console.log(intent.id);
  await new Promise(resolve => setTimeout(resolve, 2));
  journal.end(endingOf(intent.id));
}
await team.close();
journal.close();
