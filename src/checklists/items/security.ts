import type { Item } from '../checklist.ts';
import { credentials } from '../probes/credentials.ts';
import { images } from '../probes/images.ts';
import { latestTags } from '../probes/latest-tags.ts';
import { riskyContainers } from '../probes/risky-containers.ts';
import { specifications } from '../probes/specifications.ts';

export const security: Item = {
  id: 'security',
  title: 'Security updates',
  probes: [specifications, images, latestTags, credentials, riskyContainers],
  look: { kind: 'workload', filter: '' },
  fixes: [
    { verb: 'set-image', kinds: ['workload'] },
    { verb: 'restart', kinds: ['workload'] },
  ],
};
