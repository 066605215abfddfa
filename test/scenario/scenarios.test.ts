/** Every story that is kept comes out as it should. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../local/scenario/parse.ts';
import { play } from '../../local/scenario/play.ts';

/** Stories that come out well today; the others are told of by `npm run scenario`. */
const COME_OUT_WELL: readonly string[] = ['describe-is-half-once'];

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

describe('every story', () => {
  it.each(files)('%s can be read, and is called what its file is', (file) => {
    expect(readScenario(file).name).toBe(path.basename(file, '.json'));
  });
});

describe('the story of', () => {
  it.each(COME_OUT_WELL)('%s comes out as it should', async (name) => {
    const { ok, failed, violations } = await play(readScenario(`test/scenarios/${name}.json`));
    expect({ failed, violations }).toEqual({ failed: [], violations: [] });
    expect(ok).toBe(true);
  });
});
