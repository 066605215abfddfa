/** The seam between the core and a kind of Hydra holds: machines live their whole life with a queue runner unlike ours. */
import { describe, expect, it } from 'vitest';
import { OperateBench, TICK } from '../../operate/bench.ts';
import { toy } from './toy-dialect.ts';
import { ToyHydra } from './toy-hydra.ts';

class ToyFarm extends OperateBench {
  readonly hydra = new ToyHydra(this.world.region, this.clock);

  constructor() {
    super();
    const { workplace, hydra } = this;
    Object.assign(workplace.ports, { dialects: { cpp: toy, rust: toy }, host: hydra, builders: hydra });
  }

  /** Phases there are, such as `ready ready`. */
  async phases(): Promise<string> {
    return Object.values(await this.machines())
      .toSorted()
      .join(' ');
  }

  /** Ticks until `is` holds, at most `times` times. */
  async until(is: () => boolean | Promise<boolean>, times: number): Promise<void> {
    for (let tick = 0; tick < times && !(await is()); tick++) await this.ticks(1);
    expect(await is()).toBe(true);
  }
}

describe('with a queue runner whose builders dial in', () => {
  it('machines come, build, are closed and end, and no step is lost', async () => {
    const farm = new ToyFarm();
    farm.hydra.waiting = [200, 200, 200, 900, 900, 900];
    await farm.ticks(1);
    expect(await farm.phases()).toMatch(/^(booting|ready)( (booting|ready)){2}$/);
    await farm.until(() => farm.hydra.built === 6, 10);
    await farm.until(async () => (await farm.phases()) === '', 8);
    expect(farm.hydra.lost).toBe(0);
    expect(farm.problems).toEqual([]);
    expect(farm.file.read()).toBe('');
  });

  it('a machine that a person sends away keeps its steps until they are done', async () => {
    const farm = new ToyFarm();
    farm.hydra.waiting = [3000];
    await farm.ticks(2);
    const machine = await farm.firstMachine();
    await farm.ask({ drain: { machine } });
    await farm.ticks(5);
    expect(await farm.machines()).toEqual({ [machine]: 'draining' });
    expect(await farm.ask({ explain: { machine } })).toMatchObject({
      because: expect.arrayContaining([expect.stringContaining('1 running steps')]) as unknown,
    });
    await farm.until(() => farm.hydra.built === 1, 8);
    await farm.until(async () => (await farm.phases()) === '', 3);
    expect(farm.hydra.lost).toBe(0);
  });

  it('a machine that drains is opened again when it is needed', async () => {
    const farm = new ToyFarm();
    farm.hydra.waiting = [100, 100];
    await farm.until(() => farm.hydra.built === 2, 6);
    const before = await farm.firstMachine();
    for (let tick = 0; tick < 6 && (await farm.phases()) !== 'draining'; tick++) {
      await farm.pass(285);
      const ticking = farm.send(TICK);
      await farm.pass(15);
      if ((await farm.phases()) !== 'draining') await Promise.all([ticking, farm.pass(285)]);
    }
    expect(await farm.machines()).toEqual({ [before]: 'draining' });
    farm.hydra.waiting = [100, 100];
    await farm.pass(60);
    expect(await farm.machines()).toEqual({ [before]: 'ready' });
    await farm.until(() => farm.hydra.built === 4, 3);
    expect(farm.hydra.lost).toBe(0);
  });
});
