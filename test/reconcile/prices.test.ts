/** Prices are asked for once a day, at the end of a tick, and nothing waits for them. */
import { describe, expect, it } from 'vitest';
import type { Price, Problem } from '../../lambdas/core/model/index.ts';
import { aConfig } from '../core/given.ts';
import { Bench, TYPE } from './bench.ts';

class PricedBench extends Bench {
  readonly asked: { readonly names: readonly string[]; readonly machines: number }[] = [];
  problem: Problem | undefined;
  readonly prices = {
    ask: (names: readonly string[]): Promise<{ prices: readonly Price[]; problem?: Problem }> => {
      this.asked.push({ names, machines: this.running.length });
      if (this.problem !== undefined) return Promise.resolve({ prices: [], problem: this.problem });
      const prices = names.map((instanceType): Price => ({
        instanceType,
        market: 'on-demand',
        dollarsPerHour: 0.357,
      }));
      return Promise.resolve({ prices });
    },
  };
}

describe('prices', () => {
  it('are asked for once a day, after the machines were launched, and kept', async () => {
    const bench = new PricedBench();
    bench.runnable = 2;
    await bench.tick();
    expect(bench.asked).toMatchObject([{ names: ['c7i.2xlarge'] }]);
    expect(bench.asked[0]?.machines).toBeGreaterThan(0);
    expect((await bench.state()).prices?.prices).toMatchObject([{ dollarsPerHour: 0.357 }]);
    await bench.tick();
    expect(bench.asked).toHaveLength(1);
    expect((await bench.state()).machines.map(({ dollarsPerHour }) => dollarsPerHour)).toEqual([
      0.357, 0.357,
    ]);
    await bench.clock.sleep(86_400);
    await bench.tick();
    expect(bench.asked).toHaveLength(2);
  });

  it('that cannot be had leave the reason, and the tick is as good as any', async () => {
    const bench = new PricedBench();
    bench.problem = { says: 'you may not' };
    const { result, problems } = await bench.tick();
    expect([result, problems]).toEqual(['done', []]);
    expect((await bench.state()).prices).toMatchObject({ prices: [], problem: { says: 'you may not' } });
  });

  it('are left to another tick where there is no time, and where nothing may be written', async () => {
    const bench = new PricedBench();
    await bench.tick(aConfig([TYPE]), 19);
    await bench.tick(aConfig([TYPE], { observeOnly: true }));
    expect(bench.asked).toEqual([]);
  });
});
