import { KubeClient } from '../test/helpers/kube-client.ts';

interface Page {
  metadata: { continue?: string };
  items: unknown[];
}

// All pods as JSON in pages, fetched and parsed, and nothing else: what `get pods --json` is measured against.
const client = new KubeClient(process.argv[2]!);
let next = '';
do {
  const { metadata } = await client.json<Page>(`/api/v1/pods?limit=500${next}`);
  next = metadata.continue ? `&continue=${encodeURIComponent(metadata.continue)}` : '';
} while (next);
client.close();
