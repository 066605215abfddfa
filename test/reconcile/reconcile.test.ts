/** The tick from end to end: what it leaves behind, whatever befalls it on the way. */
import { describe, expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import { LeaseLostError } from '../../lambdas/ports.ts';
import { LINUX, NOW, aConfig, aType, untrusted } from '../core/given.ts';
import { refusal } from '../fakes/fleet.ts';
import { Bench, TYPE } from './bench.ts';

const phases = async (bench: Bench) => (await bench.state()).machines.map(({ phase }) => phase);
const listed = (bench: Bench) => (bench.host.offers ?? []).map(({ machine }) => machine.instanceId);

describe('a tick', () => {
  it('launches, waits for the machines, and lists them before it ends', async () => {
    const bench = new Bench();
    bench.runnable = 2;
    const summary = await bench.tick();
    expect(summary).toMatchObject({ result: 'done', done: { launch: 2 }, problems: [] });
    expect(summary.message).toBe('launched 2');
    expect(listed(bench)).toEqual(bench.running);
    expect(await phases(bench)).toEqual(['ready', 'ready']);
    expect((await bench.state()).launches).toEqual([]);
    expect(summary.types).toMatchObject([{ type: LINUX, wanted: 2, machines: { ready: 2 } }]);
  });
  it('drains and ends who is not needed any more, within itself', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await bench.tick();
    await bench.clock.sleep(60);
    bench.runnable = 0;
    const summary = await bench.tick();
    expect(summary).toMatchObject({ result: 'done', done: { terminate: 1 } });
    expect(bench.running).toEqual([]);
    expect(listed(bench)).toEqual([]);
  });
  it('ends nobody whose outputs are still on their way', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await bench.tick();
    await bench.clock.sleep(60);
    await bench.tick();
    bench.runner.dispatch(1);
    bench.runnable = 0;
    bench.runner.finish(bench.clock.now(), 1000);
    await bench.tick();
    expect(bench.running).toHaveLength(1);
    expect(await phases(bench)).toEqual(['draining']);
    await bench.clock.sleep(1000);
    await bench.tick();
    expect(bench.running).toEqual([]);
  });
  it('writes nothing when nothing changes', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await bench.tick();
    await bench.clock.sleep(60);
    await bench.tick();
    const written: string[] = [];
    bench.store.before = (call, id = '') => void (call === 'write' && written.push(id));
    const { writes } = bench.host;
    expect((await bench.tick()).rounds).toBe(1);
    expect(written).toEqual(['farm']);
    expect(bench.host.writes).toBe(writes);
  });
  it('begins no round that could end after its deadline', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    bench.isReachable = false;
    const { rounds } = await bench.tick(undefined, 100);
    expect(bench.clock.now()).toBeLessThanOrEqual(NOW + 100 - 8);
    expect(bench.clock.sleeps).toEqual([10, ...Array<number>(rounds - 2).fill(6)]);
    expect(rounds).toBe(15);
  });
  it('counts with what the host takes where that is slow, and lets it rest between two looks', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    bench.isReachable = false;
    const look = bench.host.look.bind(bench.host);
    bench.host.look = async (questions) => {
      await bench.clock.sleep(20);
      return look(questions);
    };
    const { rounds } = await bench.tick(undefined, 100);
    expect(bench.clock.now()).toBeLessThanOrEqual(NOW + 100);
    expect([rounds, bench.clock.sleeps]).toEqual([4, [20, 4, 20, 2, 20, 2, 20]]);
  });
  it('says a thing once, and again only when it has changed', async () => {
    const bench = new Bench();
    bench.isReachable = false;
    bench.runnable = 1;
    await bench.tick();
    const words = bench.told.decisions.map((decision) => JSON.stringify(decision));
    expect(words.length).toBeGreaterThan(1);
    expect(words.every((one, index) => one !== words[index - 1])).toBe(true);
    expect(bench.told.measured).toHaveLength(1);
  });
});

describe('the lease', () => {
  it('keeps a second tick from doing anything', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await bench.store.acquire('somebody', bench.clock.now(), 150);
    const summary = await bench.tick();
    expect(summary.result).toBe('busy');
    expect(summary.message).toContain('somebody');
    expect([bench.running, bench.host.writes]).toEqual([[], 0]);
  });
  it('is given back, also after a failure', async () => {
    const bench = new Bench();
    bench.fleet.failNextDescribe();
    await expect(bench.tick()).rejects.toThrow('EC2 cannot be asked');
    expect((await bench.tick()).result).toBe('done');
  });
  it('once lost ends the tick at once', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    let renewals = 0;
    bench.store.before = (call) => {
      renewals += call === 'renew' ? 1 : 0;
      if (call === 'renew' && renewals === 2) throw new LeaseLostError('somebody else has it');
    };
    const summary = await bench.tick();
    expect(summary.result).toBe('superseded');
    expect(bench.told.problems).toContain('another tick has taken the lease; this one stops');
  });
});

describe('a plan that breaks a rule', () => {
  it('is not carried out, and is told', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    const evil = { ...TYPE, sshKey: '/id\nroot@evil' };
    const summary = await bench.tick(aConfig([evil]));
    expect(summary.result).toBe('refused');
    expect(summary.problems.join()).toContain('rule 7');
    expect([bench.running, bench.host.writes, (await bench.state()).launches]).toEqual([[], 0, []]);
    expect(bench.told.measured[0]).toMatchObject({ planRefused: 1 });
  });
});

describe('observe-only', () => {
  it('plans and changes nothing', async () => {
    const bench = new Bench();
    bench.runnable = 3;
    const summary = await bench.tick(aConfig([TYPE], { observeOnly: true }));
    expect(summary).toMatchObject({ result: 'observed', rounds: 1 });
    expect(summary.types).toMatchObject([{ allowed: 3, verdict: 'launch 3' }]);
    expect([bench.running, bench.host.writes]).toEqual([[], 0]);
  });
});

describe('what cannot be saved', () => {
  it('is not acted on, and is tried again in the next round', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    let failures = 0;
    bench.store.before = (call, id) => {
      if (call !== 'write' || id === 'farm' || failures > 0) return;
      failures += 1;
      throw new Error('DynamoDB says no');
    };
    const summary = await bench.tick();
    expect(summary.problems.join()).toContain('DynamoDB says no');
    expect(bench.running).toHaveLength(1);
  });
  it('of the farm as a whole launches nothing: what came of it could not be remembered', async () => {
    const bench = new Bench();
    bench.runnable = 2;
    let isFull = true;
    bench.store.before = (call, id) => {
      if (isFull && call === 'write' && id === 'farm') throw new Error('the record is too large');
    };
    const summary = await bench.tick();
    expect(summary.problems.join()).toContain('the record is too large');
    expect(bench.running).toEqual([]);
    isFull = false;
    await bench.tick();
    expect(bench.running).toHaveLength(2);
  });
  it('before anything was done ends the tick with nothing done', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    bench.store.before = (call) => {
      if (call === 'save') throw new Error('DynamoDB is away');
    };
    await expect(bench.tick()).rejects.toThrow('away');
    expect(bench.running).toEqual([]);
  });
});

describe('a tick that dies', () => {
  it('after its launches leaves no orphan and no double', async () => {
    const bench = new Bench();
    bench.runnable = 2;
    let saves = 0;
    bench.store.before = (call) => {
      saves += call === 'save' ? 1 : 0;
      if (call === 'save' && saves === 2) throw new Error('killed');
    };
    await expect(bench.tick()).rejects.toThrow('killed');
    expect(bench.running).toHaveLength(2);
    expect(await phases(bench)).toEqual([]);
    bench.store.before = () => undefined;
    await bench.clock.sleep(200);
    await bench.tick();
    expect(bench.running).toHaveLength(2);
    expect(await phases(bench)).toEqual(['ready', 'ready']);
  });
  it('whose launch was never answered sends it again in the next round', async () => {
    const bench = new Bench();
    bench.runnable = 2;
    bench.fleet.loseNextAnswer();
    const summary = await bench.tick();
    expect(bench.running).toHaveLength(2);
    expect(await phases(bench)).toEqual(['ready', 'ready']);
    expect(summary.problems.join()).toContain(told.noAnswer(''));
  });
});

describe('trouble around', () => {
  it('with an offer delays it by a round', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    bench.host.failNextOffer();
    const summary = await bench.tick();
    expect(bench.told.problems).toContain('the queue runner could not be told which machines there are');
    expect(listed(bench)).toEqual(bench.running);
    expect(summary.result).toBe('done');
  });
  it('with capacity is told, and rests the type’s pool', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    bench.fleet.failNextLaunch([refusal('capacity')]);
    const summary = await bench.tick();
    expect(summary.problems[0]).toContain('no: capacity');
    expect((await bench.state()).farm.backOffs).toMatchObject([{ type: LINUX, failures: 1 }]);
  });
  it('with the queue status keeps floors up and lets nobody go', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await bench.tick();
    bench.host.queue = () => untrusted({ cause: 'failed' });
    const summary = await bench.tick(aConfig([aType(LINUX, { minMachines: 2, maxMachines: 4 })]));
    expect(summary.queue).toContain('not trusted (failed)');
    expect(bench.running).toHaveLength(2);
  });
});
