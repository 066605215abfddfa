import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  entryFromJson,
  entryToJson,
  packEntry,
  unpackEntry,
} from '../../../lambdas/aws/dynamo/journal-codec.ts';
import { withoutObservation } from '../../../lambdas/core/account/account.ts';
import type { JournalRound, Observation, TickEntry } from '../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { runnerOf } from '../../../lambdas/core/life/runner.ts';
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import { replan } from '../../../local/programs/journal/replay.ts';
import { NOW } from '../../core/arbitrary/basics.ts';
import { arbitraryFarm } from '../../core/arbitrary/farm.ts';
import type { Farmed } from '../../core/arbitrary/farm.ts';

const roundOf = ({ config, observation }: Farmed, launch = 'new'): JournalRound => {
  const plan = makePlan(dialects[runnerOf(observation)].life, config, observation, (n) => `${launch}-${n}`);
  const { decisions, actions } = plan;
  return { at: observation.now, observation, decisions, actions, violations: [], problems: [], done: {} };
};

const entryOf = (rounds: readonly JournalRound[]): TickEntry => ({
  kind: 'tick',
  id: 'request-1',
  at: NOW,
  endedAt: NOW + 10,
  result: 'done',
  message: 'nothing had to be done',
  rounds,
  leftOut: 0,
});

/** A farm of so many machines, all alike but not the same. */
function large({ config, observation }: Farmed, machines: number): Farmed {
  const many = Array.from({ length: machines }, (_, index) => ({
    instanceId: `i-${index.toString(16).padStart(17, '0')}`,
    type: 'x86_64-linux',
    phase: 'ready' as const,
    phaseSince: NOW - index,
    reason: `the Hydra host reached its Nix store ${(index * 7919) % 104729}`,
    billing: 'hourly' as const,
    address: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    identity: `ssh-ed25519 ${Buffer.from(String(Math.sin(index))).toString('base64')}`,
  }));
  const state = { ...observation.state, machines: many };
  return { config, observation: { ...observation, state } satisfies Observation };
}

const [farmed] = fc.sample(arbitraryFarm, { numRuns: 1, seed: 7 });
if (farmed === undefined) throw new Error('no sample');

describe('an entry of the journal', () => {
  it('of an older version, which knew neither denials nor side questions, is read as without any', () => {
    const json = entryToJson(
      entryOf([roundOf({ ...farmed, observation: { ...farmed.observation, problems: [] } })]),
    );
    const older = json.replace(/,"denied":\{"\$set":\[[^\]]*\]\},"problems":\[\]/, '');
    expect(older.length).toBeLessThan(json.length);
    const back = entryFromJson(older);
    const [round] = back.kind === 'tick' ? back.rounds : [];
    expect(round?.observation).toMatchObject({ denied: new Set(), problems: [] });
  });

  it('comes back as it was, and today’s code plans it as it was planned', () => {
    fc.assert(
      fc.property(arbitraryFarm, (farm) => {
        const entry = entryOf([roundOf(farm)]);
        const back = unpackEntry(packEntry(entry));
        expect(back).toEqual(entry);
        expect(entryFromJson(entryToJson(entry))).toEqual(entry);
        if (back.kind !== 'tick') throw new Error('it is a tick');
        expect(back.rounds.map((round) => replan(farm.config, round))).toEqual([[]]);
      }),
      { numRuns: 300 },
    );
  });

  it('loses observations before it becomes too large for an item, the first one last', () => {
    const rounds = [0, 1, 2, 3].map((n) => ({
      ...roundOf(large(farmed, 3000), `r${n}`),
      problems: [{ says: `problem ${n}` }],
    }));
    const whole = packEntry(entryOf(rounds), Infinity).length;
    const kept = (maxBytes: number): readonly boolean[] => {
      const packed = packEntry(entryOf(rounds), maxBytes);
      expect(packed.length).toBeLessThanOrEqual(maxBytes);
      const entry = unpackEntry(packed);
      return entry.kind === 'tick' ? entry.rounds.map(({ observation }) => observation !== undefined) : [];
    };
    expect(kept(whole)).toEqual([true, true, true, true]);
    expect(kept(whole - 1)).toEqual([true, false, false, false]);
    const firstOnly = rounds.map((round, n) => (n === 0 ? round : withoutObservation(round)));
    const first = packEntry(entryOf(firstOnly), Infinity).length;
    expect(kept(first)).toEqual([true, false, false, false]);
    expect(kept(first - 1)).toEqual([false, false, false, false]);
    expect(kept(250)).toEqual([]);
  });

  it('of a thousand machines fits an item whole', () => {
    const entry = entryOf([roundOf(large(farmed, 1000)), roundOf(large(farmed, 1000))]);
    const packed = packEntry(entry);
    expect(packed.length).toBeLessThan(380_000);
    expect(unpackEntry(packed)).toEqual(entry);
  });

  it('that was edited badly names the fields', () => {
    const json = entryToJson(entryOf([roundOf(farmed)])).replace('"result":"done"', '"result":7');
    expect(() => entryFromJson(json)).toThrow(/result/);
    expect(() => entryFromJson('{"kind":"tock"}')).toThrow(/kind/);
  });
});
