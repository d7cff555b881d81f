import { fileURLToPath } from 'node:url';
import { type DemoPlatform, startPlatform } from '../../src/demo/platform.ts';
import { ProfileSchema, type SourceOptions } from '../../src/profile/schema.ts';

const ANSWER = fileURLToPath(new URL('../demo/cephfs/answer-main.ts', import.meta.url));

/** The embedded platform in this process. */
export function embedded({ scenario = 'calm', postgres = false } = {}): Promise<DemoPlatform> {
  return startPlatform({ scenario, postgres, answerCommand: [process.execPath, ANSWER] });
}

/** How its profile says that this kind of system is reached. */
export function optionsOf<K extends SourceOptions['kind']>(
  { profile }: DemoPlatform,
  kind: K,
): Extract<SourceOptions, { kind: K }> {
  const found = Object.values(ProfileSchema.parse(profile).sources).find(each => each?.kind === kind);
  if (!found) throw new Error(`the embedded platform has no ${kind}`);
  return found as Extract<SourceOptions, { kind: K }>;
}
