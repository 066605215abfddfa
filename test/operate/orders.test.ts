import { beforeEach, describe, expect, it } from 'vitest';
import { KVM, OperateBench, TICK, TYPE } from './bench.ts';

let bench: OperateBench;

beforeEach(() => {
  bench = new OperateBench();
});

const alive = (): number =>
  bench.world.region.instances.all.filter(({ state }) => state === 'running' || state === 'pending').length;

/** Lines of the machines file, placeholders apart. */
const listed = (): number =>
  bench.world.machinesFile
    .read()
    .split('\n')
    .filter((line) => line.startsWith('ssh://') && !line.includes('.invalid')).length;

describe('drain', () => {
  it('sends a busy machine away when its steps are done, and replaces it meanwhile', async () => {
    await bench.busyFarm({ count: 4, seconds: 900 });
    const id = await bench.firstMachine();
    const reply = await bench.ask({ drain: { machine: id, by: 'Ada' } }, 20);
    expect(reply).toMatchObject({
      result: 'recorded',
      order: { kind: 'drain', by: 'Ada' },
      message: expect.stringContaining('it is withdrawn') as unknown,
    });
    expect((await bench.machines())[id]).toBe('draining');
    bench.world.runner.queue({ count: 20, system: 'x86_64-linux', seconds: 600 });
    await bench.ticks(5);
    expect((await bench.machines())[id]).toBeUndefined();
    expect((await bench.store.load(bench.now)).orders).toBeUndefined();
    expect(bench.world.ledger.lost).toEqual([]);
    expect(bench.world.judge.violations).toEqual([]);
  });

  it('does not wait for the end of a paid hour', async () => {
    await bench.pass(120);
    await bench.ask({ scaleOut: { type: KVM, count: 1, minutes: 120 } });
    await bench.ticks(1);
    const id = await bench.firstMachine();
    await bench.ask({ scaleIn: { type: KVM } });
    await bench.ticks(1);
    expect((await bench.machines())[id]).toBe('ready');
    await bench.ask({ drain: { machine: id } });
    await bench.ticks(1);
    expect((await bench.machines())[id]).not.toBe('ready');
  });

  it('of an idle machine does not wait for the schedule: the tick that follows looks on until it can go', async () => {
    await bench.busyFarm({ count: 2, seconds: 240 });
    const id = await bench.firstMachine();
    await bench.pass(300);
    const reply = await bench.ask({ drain: { machine: id } }, 280);
    expect(reply).toMatchObject({ result: 'recorded', tick: { result: 'done' } });
    expect(bench.world.region.instances.find(id)?.state).not.toBe('running');
    expect(bench.world.judge.violations).toEqual([]);
  });

  it('is recorded although a tick is at work, and means the same when sent twice', async () => {
    await bench.busyFarm({ count: 4, seconds: 3000 });
    const id = await bench.firstMachine();
    bench.world.runner.queue({ count: 8, system: 'x86_64-linux', seconds: 600 });
    const tick = bench.send(TICK);
    await bench.pass(3);
    const [first, second] = [bench.send({ drain: { machine: id } }), bench.send({ drain: { machine: id } })];
    await bench.pass(280);
    expect(await first).toMatchObject({ tick: { result: 'busy' } });
    expect(await second).toMatchObject({ result: 'recorded' });
    await tick;
    expect((await bench.store.load(bench.now)).orders).toHaveLength(1);
    expect((await bench.machines())[id]).toBe('draining');
  });
});

describe('protect and release', () => {
  it('keep an idle machine until it is released', async () => {
    await bench.busyFarm({ count: 4, seconds: 240 }, 1);
    const id = await bench.firstMachine();
    await bench.ask({ protect: { machine: id, by: 'Ada' } }, 20);
    await bench.ticks(5);
    expect((await bench.machines())[id]).toBe('ready');
    expect(alive()).toBe(1);
    expect(await bench.ask({ release: { machine: id } }, 20)).toMatchObject({
      message: expect.stringContaining('not ordered to protect any more') as unknown,
    });
    await bench.ticks(4);
    expect(alive()).toBe(0);
    expect(bench.world.judge.violations).toEqual([]);
  });

  it('end by themselves when the time is over', async () => {
    await bench.busyFarm({ count: 2, seconds: 240 }, 1);
    const id = await bench.firstMachine();
    await bench.ask({ protect: { machine: id, minutes: 15 } }, 20);
    await bench.ticks(3);
    expect(alive()).toBe(1);
    await bench.ticks(5);
    expect(alive()).toBe(0);
  });
});

describe('pause and resume', () => {
  it('launch nothing for a type and leave the others alone', async () => {
    await bench.pass(120);
    await bench.ticks(1);
    expect(await bench.ask({ pause: { type: TYPE, by: 'Ada' } }, 5)).toMatchObject({ result: 'recorded' });
    bench.world.runner.queue({ count: 4, system: 'x86_64-linux', seconds: 300 });
    bench.world.runner.queue({ count: 2, system: 'x86_64-linux', features: ['kvm'], seconds: 300 });
    await bench.ticks(2);
    const { machines } = await bench.store.load(bench.now);
    expect(machines.map(({ type }) => type)).toEqual([KVM]);
    expect(await bench.ask({ status: true }, 10)).toMatchObject({
      types: [
        { type: TYPE, verdict: 'paused', reason: expect.stringContaining('paused by hand (Ada)') as unknown },
        { type: KVM },
      ],
      orders: [`${TYPE}: paused by hand (Ada) until somebody ends it`],
    });
    await bench.ask({ resume: { type: TYPE } });
    await bench.ticks(1);
    expect(alive()).toBe(3);
  });

  it('end nothing, keep machines at work, and still unlist whom AWS takes', async () => {
    bench = new OperateBench({ systemTypes: { [TYPE]: { maxMachines: 4, maxJobs: 2, market: 'spot' } } });
    await bench.pass(120);
    await bench.ask({ scaleOut: { type: TYPE, count: 2 } });
    await bench.ask({ pause: { everything: true } }, 5);
    await bench.ask({ scaleIn: { type: TYPE } });
    await bench.ticks(14);
    expect(Object.values(await bench.machines())).toEqual(['ready', 'ready']);
    expect(listed()).toBe(2);
    const [taken] = bench.world.region.instances.all;
    if (taken === undefined) throw new Error('there is no instance');
    bench.world.region.spot.interrupt(taken.instanceId);
    await bench.ask(TICK, 60);
    expect(listed()).toBe(1);
    await bench.ask({ resume: { everything: true } });
    await bench.ticks(14);
    expect(alive()).toBe(0);
    expect(bench.world.judge.violations).toEqual([]);
  });

  it('end the pause of a type that has left the configuration, or it would hold when the type comes back', async () => {
    const gone = { kind: 'pause', type: 'riscv64-linux', at: bench.now } as const;
    await bench.store.putOrder(gone);
    expect(await bench.ask({ resume: { type: gone.type } }, 30)).toMatchObject({
      message: expect.stringContaining('riscv64-linux resumed') as unknown,
    });
    expect((await bench.store.load(bench.now)).orders).toBeUndefined();
    expect(await bench.ask({ resume: { type: gone.type } }, 30)).toMatchObject({ result: 'invalid' });
  });

  it('are not answered from a state table that shows nothing: a pause would go on although nobody knows of it', async () => {
    await bench.ask({ pause: { type: TYPE } }, 5);
    await bench.ticks(1);
    const [id, load] = ['i-0123456789abcdef0', bench.store.load.bind(bench.store)];
    bench.store.load = () =>
      Promise.resolve({ farm: { backOffs: [] }, machines: [], launches: [], floors: [], isBlank: true });
    for (const event of [
      { resume: { type: TYPE } },
      { release: { machine: id } },
      { drain: { machine: id } },
      { protect: { machine: id } },
      { retry: { type: TYPE } },
    ])
      await expect(bench.ask(event, 5)).rejects.toThrow('shows no record of this farm');
    bench.store.load = load;
    expect((await bench.store.load(bench.now)).orders).toHaveLength(1);
  });

  it('say when a pause of everything still holds a type that is resumed', async () => {
    await bench.ask({ pause: { type: TYPE } }, 5);
    await bench.ask({ pause: { everything: true } }, 5);
    expect(await bench.ask({ resume: { type: TYPE } }, 30)).toMatchObject({
      message: expect.stringContaining('everything is paused') as unknown,
    });
    expect(await bench.ask({ resume: { everything: true } }, 30)).toMatchObject({
      message: expect.stringContaining('everything resumed') as unknown,
    });
  });
});

describe('retry', () => {
  it('ends all rests of its type, and of no other, so that it is tried at once', async () => {
    await bench.pass(120);
    const refusal = bench.world.region.refusals.add({
      action: 'CreateFleet',
      code: 'UnauthorizedOperation',
    });
    await bench.ask({ scaleOut: { type: TYPE, count: 1 } }, 20);
    await bench.ask({ scaleOut: { type: KVM, count: 1 } }, 20);
    refusal();
    await bench.ask(TICK, 20);
    expect(alive()).toBe(0);
    expect(await bench.ask({ retry: { type: TYPE, by: 'Ada' } })).toMatchObject({
      result: 'recorded',
      message: expect.stringContaining('rests no more') as unknown,
    });
    const { machines, farm } = await bench.store.load(bench.now);
    expect(machines.map(({ type }) => type)).toEqual([TYPE]);
    expect(farm.backOffs.map(({ type }) => type)).toEqual([KVM]);
  });
});

describe('an order', () => {
  it('goes with its machine, also when the tick died that saw the machine go', async () => {
    const instanceId = 'i-0123456789abcdef9';
    await bench.store.putOrder({ kind: 'protect', instanceId, at: bench.now });
    await bench.pass(120);
    await bench.ask(TICK, 60);
    expect((await bench.store.load(bench.now)).orders).toBeUndefined();
  });

  it('says so when the tick that follows it only watches', async () => {
    bench = new OperateBench({ observeOnly: true });
    await bench.pass(120);
    expect(await bench.ask({ scaleOut: { type: TYPE, count: 1 } }, 30)).toMatchObject({
      message: expect.stringContaining('did not act: observe-only') as unknown,
    });
  });
});
