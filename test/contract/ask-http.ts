import { type IncomingMessage, request as plain, type RequestOptions } from 'node:http';
import { request as secure } from 'node:https';

/** One GET, answered in JSON. Throws what the system said when it is not 200. Not by the product's own clients. */
export async function askJson(
  options: RequestOptions & { ca?: string; cert?: string; key?: string },
): Promise<unknown> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = (options.protocol === 'https:' ? secure : plain)({ ...options, agent: false }, resolve);
    call.on('error', reject);
    call.end();
  });
  const text = (await response.toArray()).join('');
  if (response.statusCode !== 200) throw new Error(`${options.path}: ${response.statusCode} ${text}`);
  return JSON.parse(text);
}
