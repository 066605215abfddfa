/** Watches in the simulated world: one at a time, until there is news or their time is over. */
import { beforeEach, describe, expect, it } from 'vitest';
import { soughtIn } from '../../local/world/watch-look.ts';
import type { WatchRun } from '../../local/world/watches.ts';
import { OperateBench, START, TYPE } from '../operate/bench.ts';
import { RustFarm } from '../hydra/rust/rust-farm.ts';

const run = (farm: OperateBench, turn: number, changed: Partial<WatchRun> = {}): WatchRun => ({
  sought: soughtIn(farm.world.hydra.kind, START, `unsupported -\nkind ${TYPE} 2\n`),
  ...{ turn, seconds: 300, delaySeconds: 0 },
  ...changed,
});

describe.each([
  ['C++', () => new OperateBench({ watch: false })],
  ['Rust', () => new RustFarm({ watch: false })],
])('a watch beside the %s queue runner', (_name, make) => {
  let farm: OperateBench;
  let ended: (string | undefined)[];
  const start = (turn: number, changed: Partial<WatchRun> = {}): (() => void) =>
    farm.world.watches.start(run(farm, turn, changed), (found) => ended.push(found));
  const queue = (count: number): void => void farm.world.runner.queue({ count, system: TYPE, seconds: 400 });
  beforeEach(async () => {
    farm = make();
    ended = [];
    await farm.pass(120);
    await farm.ticks(1);
  });

  it('finds more steps than were answered within seconds, and ends', async () => {
    start(1);
    queue(2);
    await farm.pass(60);
    expect(ended).toEqual([]);
    queue(1);
    await farm.pass(10);
    expect(ended).toEqual([`more ${TYPE} 3`]);
    queue(1);
    await farm.pass(300);
    expect(ended).toHaveLength(1);
  });

  it('looks for the first time when it was told to, and ends when its time is over', async () => {
    queue(3);
    start(1, { delaySeconds: 100 });
    await farm.pass(90);
    expect(ended).toEqual([]);
    await farm.pass(20);
    expect(ended).toEqual([`more ${TYPE} 3`]);
    start(2, {
      seconds: 60,
      sought: soughtIn(farm.world.hydra.kind, START, `kind ${TYPE} -\nunsupported -`),
    });
    await farm.pass(50);
    expect(ended).toHaveLength(1);
    await farm.pass(20);
    expect(ended).toEqual([`more ${TYPE} 3`, undefined]);
  });

  it('ends for a later one, and does not begin after one', async () => {
    start(2);
    start(1);
    expect(ended).toEqual([undefined]);
    start(3);
    expect(ended).toEqual([undefined, undefined]);
    queue(3);
    await farm.pass(10);
    expect(ended).toEqual([undefined, undefined, `more ${TYPE} 3`]);
  });

  it('says nothing once it is killed', async () => {
    start(1)();
    start(2);
    farm.world.watches.kill();
    queue(5);
    await farm.pass(600);
    expect(ended).toEqual([]);
  });

  it('is not woken for what it did not know while the queue runner is down', async () => {
    start(1);
    farm.world.runner.stop();
    queue(3);
    await farm.pass(60);
    expect(ended).toEqual([]);
    farm.world.runner.start();
    await farm.pass(120);
    expect(ended).toEqual([`more ${TYPE} 3`]);
  });
});
