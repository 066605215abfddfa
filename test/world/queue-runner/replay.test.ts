import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Build } from '../../../local/world/hydra/builds.ts';
import { replay } from '../../../local/world/queue-runner/replay.ts';
import { parseScenario } from '../../../local/world/queue-runner/scenario.ts';
import { agreement, type Metric, type Sample, type Status } from './agreement.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/hydra-timelines');
const SCENARIOS = ['burst-then-scale', 'features', 'builder-dies', 'not-ready', 'unsupported'] as const;

const read = (scenario: string, file: string): string => readFileSync(join(FIXTURES, scenario, file), 'utf8');

/** By tag: how many builds ended how, and in how many tries. */
const endsOf = (builds: readonly Build[]): Record<string, Record<string, number>> => {
  const ends: Record<string, Record<string, number>> = {};
  for (const build of builds) {
    const end = (ends[build.tag] ??= { tries: 0 });
    const status = build.status ?? 'unfinished';
    end[status] = (end[status] ?? 0) + 1;
    end['tries'] = (end['tries'] ?? 0) + build.tries.length;
  }
  return ends;
};

const play = (name: string): { recorded: Sample[]; simulated: Sample[]; builds: readonly Build[] } => {
  const recorded = read(name, 'status.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample);
  const scenario = parseScenario(JSON.parse(read(name, 'scenario.json')));
  const { samples, builds } = replay(
    scenario,
    recorded.map((sample) => sample.t),
  );
  const simulated = samples.map(({ t, result }) => ({
    t,
    exit: result.exit,
    status: result.stdout === '' ? null : (JSON.parse(result.stdout) as Status),
  }));
  return { recorded, simulated, builds };
};

describe.each(SCENARIOS)('the recorded timeline %s', (name) => {
  const { recorded, simulated, builds } = play(name);

  it('is answered call by call', () => {
    expect(simulated.map((sample) => sample.t)).toEqual(recorded.map((sample) => sample.t));
    expect(simulated.map((sample) => sample.exit)).toEqual(recorded.map((sample) => sample.exit));
  });

  it.each<Metric>(['up', 'listed', 'running', 'currentJobs', 'active', 'runnable', 'runnableByType'])(
    'is followed in %s',
    (metric) => {
      expect(agreement(recorded, simulated, metric, { seconds: 4, ofPeak: 0.1 })).toBeGreaterThanOrEqual(
        0.99,
      );
    },
  );

  it.each<Metric>(['listed', 'running', 'runnable', 'done', 'retries', 'unsupported'])(
    'is followed exactly in %s within a second, nearly always',
    (metric) => {
      expect(agreement(recorded, simulated, metric, { seconds: 1, ofPeak: 0 })).toBeGreaterThanOrEqual(0.9);
    },
  );

  it('ends every build the same way after as many tries', () => {
    expect(endsOf(builds)).toEqual(JSON.parse(read(name, 'ends.json')));
  });
});

describe('the measure of agreement', () => {
  const at = (t: number, running: number): Sample => ({
    t,
    exit: 0,
    status: { status: 'up', machineTypes: { x: { runnable: 0, running } } },
  });

  it('forgives a shift in time and a tenth of the peak, and no more', () => {
    const recorded = [at(0, 10), at(10, 10), at(20, 0)];
    expect(
      agreement(recorded, [at(4, 9), at(10, 8), at(25, 0)], 'running', { seconds: 4, ofPeak: 0.1 }),
    ).toBeCloseTo(1 / 3);
  });
});

describe('a replay', () => {
  it('is the same for the same seed and another for another', () => {
    const scenario = parseScenario(JSON.parse(read('features', 'scenario.json')));
    const firstOf = (seed: number): unknown =>
      replay(scenario, [30], seed).builds.map((build) => build.startedAt);
    expect(firstOf(5)).toEqual(firstOf(5));
    expect(firstOf(5)).not.toEqual(firstOf(6));
  });
});
