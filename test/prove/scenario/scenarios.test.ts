/** Every story that is kept comes out as it should. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../local/prove/scenario/parse.ts';
import { play } from '../../../local/prove/scenario/play.ts';

const files = globSync('test/scenarios/*.json').toSorted();

function readScenario(file: string) {
  const { scenario, mistakes } = parseScenario(
    readFileSync(file, 'utf8'),
    path.basename(file, '.json'),
    (name) => readFileSync(path.resolve(path.dirname(file), name), 'utf8'),
  );
  if (mistakes !== undefined) throw new Error(JSON.stringify(mistakes));
  return scenario;
}

describe('the stories', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(20);
  });
  it.each(files)(
    '%s comes out as it should, and is called what its file is',
    async (file) => {
      const scenario = readScenario(file);
      expect(scenario.name).toBe(path.basename(file, '.json'));
      const { failed, violations } = await play(scenario);
      expect({ failed, violations }).toEqual({ failed: [], violations: [] });
    },
    // Five days of a farm take a second on an idle machine.
    240_000,
  );
});
