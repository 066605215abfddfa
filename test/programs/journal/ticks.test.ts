/** What of real ticks ends up in the journal. */
import { describe, expect, it } from 'vitest';
import type { TickEntry } from '../../../lambdas/core/model/index.ts';
import { OperateBench, TICK, TYPE } from '../../operate/bench.ts';
import { replan } from '../../../local/programs/journal/replay.ts';
import { Timeline } from '../../../local/programs/journal/timeline.ts';

const ticksOf = (bench: OperateBench): readonly TickEntry[] =>
  bench.journal.written.filter((entry) => entry.kind === 'tick');

async function followed(): Promise<OperateBench> {
  const bench = new OperateBench();
  await bench.pass(120);
  await bench.ticks(1);
  bench.world.runner.queue({ count: 4, system: 'x86_64-linux', seconds: 400 });
  await bench.ticks(6);
  return bench;
}

describe('the journal of ticks', () => {
  it('has one entry a tick, from which today’s code decides the same again', async () => {
    const bench = await followed();
    const ticks = ticksOf(bench);
    expect(ticks).toHaveLength(7);
    const rounds = ticks.flatMap((tick) => tick.rounds);
    expect(rounds.map((round) => replan(bench.config, round))).toEqual(rounds.map(() => []));
    expect(rounds.flatMap(({ actions }) => actions.map(({ kind }) => kind))).toContain('launch');
    expect(ticks.some(({ leftOut }) => leftOut > 0)).toBe(true);
  });

  it('shows what another configuration would have done', async () => {
    const bench = await followed();
    const other = new OperateBench({
      systemTypes: { [TYPE]: { maxMachines: 1, runnablesPerMachine: 2, maxJobs: 2, gracePeriod: 300 } },
    });
    const differences = ticksOf(bench).flatMap(({ rounds }) =>
      rounds.flatMap((round) => replan(other.config, round) ?? []),
    );
    expect(differences).toContainEqual({ about: TYPE, recorded: 'launch 2', today: 'launch 1' });
    expect(differences).toContainEqual({
      about: 'actions',
      recorded: `launch 2 ${TYPE}`,
      today: `launch 1 ${TYPE}`,
    });
  });

  it('has ticks that failed, with why', async () => {
    const bench = new OperateBench();
    bench.store.before = (call) => {
      if (call === 'load') throw new Error('no such luck');
    };
    await expect(bench.ask(TICK, 20)).rejects.toThrow('no such luck');
    expect(bench.journal.written).toMatchObject([
      { kind: 'tick', result: 'failed', message: 'no such luck' },
    ]);
  });

  it('has ticks that only watched, and none of a tick that found another at work', async () => {
    const bench = new OperateBench({ observeOnly: true });
    await bench.pass(120);
    await bench.ask(TICK, 60);
    await bench.store.acquire('another', bench.now, 300);
    expect(await bench.ask(TICK, 60)).toMatchObject({ result: 'busy' });
    expect(bench.journal.written).toMatchObject([{ kind: 'tick', result: 'observed' }]);
  });

  it('reads as a timeline: a decision once, while it stays the same', async () => {
    const bench = await followed();
    await bench.ask({ pause: { type: TYPE, by: 'Zoë' } }, 5);
    const timeline = new Timeline();
    const lines = bench.journal.written.flatMap((entry) => timeline.linesOf(entry, []));
    const ofType = lines.filter(({ kind, text }) => kind === 'decision' && text.startsWith(`${TYPE}: `));
    const verdicts = ofType.map(({ what }) => what);
    expect(verdicts.slice(0, 2)).toEqual(['keep 0', 'launch 2']);
    expect(verdicts.every((verdict, index) => verdict !== verdicts[index - 1])).toBe(true);
    expect(lines[0]).toMatchObject({ kind: 'day', text: 'Friday, 15 January 2027 (UTC)' });
    expect(lines.at(-1)).toMatchObject({ kind: 'person', what: 'Zoë' });
  });
});
