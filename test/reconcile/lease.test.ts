/** Whoever has the patience waits for the lease, and for no longer than that is of use. */
import { describe, expect, it } from 'vitest';
import { MemoryStateStore } from '../../local/ports/memory-state-store.ts';
import { Bench } from './bench.ts';

describe('the lease', () => {
  it('is waited for by who has the patience, and no longer than a round needs before the deadline', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await bench.store.acquire('a tick that died', bench.clock.now(), 45);
    const summary = await bench.tick(undefined, 280, 100);
    expect(summary).toMatchObject({ result: 'done', done: { launch: 1 } });
    expect(bench.clock.sleeps.slice(0, 5)).toEqual([10, 10, 10, 10, 10]);
    await bench.store.acquire('another', bench.clock.now(), 300);
    const before = bench.clock.now();
    expect((await bench.tick(undefined, 280, 100)).result).toBe('busy');
    expect(bench.clock.now() - before).toBe(100);
    expect((await bench.tick(undefined, 60, 100)).result).toBe('busy');
    expect(bench.clock.now() - before).toBe(130);
  });
  it('is waited for only while the tick that held it at first has it', async () => {
    const bench = new Bench();
    const first = await bench.store.acquire('first', bench.clock.now(), 150);
    const waiting = bench.tick(undefined, 280, 100);
    if ('lease' in first) await bench.store.release(first.lease);
    await bench.store.acquire('second', bench.clock.now(), 150);
    expect(await waiting).toMatchObject({
      result: 'busy',
      message: expect.stringContaining('second') as unknown,
    });
    expect(bench.clock.sleeps.length).toBeLessThanOrEqual(1);
  });
});

describe('a load that is another farm’s, or of another time', () => {
  it('fails the tick, which changes nothing, and the next one goes on', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await bench.tick();
    const { running } = bench;
    const empty = new MemoryStateStore();
    bench.store.load = (now, lease) => empty.load(now, lease);
    bench.runnable = 3;
    await expect(bench.tick()).rejects.toThrow(/although tick-2 holds the lease/);
    expect(bench.running).toEqual(running);
    Reflect.deleteProperty(bench.store, 'load');
    expect(await bench.tick()).toMatchObject({ result: 'done', done: { launch: 2 } });
  });
});
