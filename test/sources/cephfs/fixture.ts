import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const fixturePath = (path: string): string => fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));
export const fixture = (path: string): string => readFileSync(fixturePath(path), 'utf8');
export const fixtureJson = (path: string): unknown => JSON.parse(fixture(path));
