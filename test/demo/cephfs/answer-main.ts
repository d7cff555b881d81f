// The command that stands for getfattr, find and ceph, as the tests start it.
import { answer } from '../../../src/demo/cephfs/answer.ts';

process.exitCode = await answer(process.argv.slice(2));
