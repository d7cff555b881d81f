import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScenarioError, scriptOf } from '../../../src/demo/scenarios/script.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'script-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'scenario.yaml');
  writeFileSync(path, text);
  return path;
}

describe('scriptOf', () => {
  it('takes a preset, a scenario, or a file', () => {
    expect(scriptOf('still')).toEqual({ preset: 'still', acts: [] });
    expect(scriptOf('node-loss')).toEqual({ preset: 'default', acts: [{ at: 0, do: 'node-loss', with: {} }] });
    const text = '- do: calm\n- {at: 5, do: node-loss, with: {node: vps-3, seconds: 20}}\n- {at: 40, do: recover}\n';
    expect(scriptOf(file(text))).toEqual({
      preset: 'calm',
      acts: [
        { at: 5, do: 'node-loss', with: { node: 'vps-3', seconds: 20 } },
        { at: 40, do: 'recover', with: {} },
      ],
    });
  });

  it.each([
    ['- {at: 5, do: nodeloss}', 'there is no scenario nodeloss; there are default, calm, still, node-loss'],
    ['- {at: -1, do: churn}', 'Too small'],
    ['- {at: 5, do: churn, whit: {}}', 'whit'],
    ['at: 5', 'expected array'],
    ['- {at: 5', 'scenario.yaml'],
  ])('refuses %s', (text, why) => {
    expect(() => scriptOf(file(text))).toThrow(ScenarioError);
    expect(() => scriptOf(file(text))).toThrow(why);
  });

  it('names all that there is when nothing is called so', () => {
    expect(() => scriptOf('nodeloss')).toThrow(
      /nodeloss is no scenario \(default, calm, .*\), and there is no such file/,
    );
  });
});
