/** A caller that has the patience waits for the lease, and for no longer than that is of use. */
import { describe, expect, it } from 'vitest';
import type { Lease } from '../../lambdas/ports.ts';
import type { TickTerms } from '../../lambdas/reconcile/lease.ts';
import type { Summary } from '../../lambdas/core/account/summary.ts';
import { MemoryStateStore } from '../../local/world/ports/memory-state-store.ts';
import { Bench } from './bench.ts';

const WARNED = { knocks: { patienceSeconds: 100 } };
const ORDERED = { knocks: { patienceSeconds: 0 } };

async function held(bench: Bench, holder: string, seconds: number): Promise<Lease> {
  const taken = await bench.store.acquire(holder, bench.clock.now(), seconds);
  if ('heldBy' in taken) throw new Error('the lease is taken');
  return taken.lease;
}

describe('the lease', () => {
  it('is waited for by who has the patience, and no longer than a round needs before the deadline', async () => {
    const bench = new Bench();
    bench.runnable = 1;
    await held(bench, 'a tick that died', 45);
    const summary = await bench.tick(undefined, 280, WARNED);
    expect(summary).toMatchObject({ result: 'done', done: { launch: 1 } });
    expect(bench.clock.sleeps.slice(0, 10)).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 5, 10]);
    const another = await held(bench, 'another', 300);
    const before = bench.clock.now();
    expect((await bench.tick(undefined, 280, WARNED)).result).toBe('busy');
    expect(bench.clock.now() - before).toBe(100);
    await bench.store.abandon(another);
    await held(bench, 'one more', 300);
    expect((await bench.tick(undefined, 60, WARNED)).result).toBe('busy');
    expect(bench.clock.now() - before).toBe(150);
  });
  it('is waited for only while the tick that held it at first has it', async () => {
    const bench = new Bench();
    const first = await held(bench, 'first', 150);
    const waiting = bench.tick(undefined, 280, WARNED);
    await bench.store.release(first);
    await held(bench, 'second', 150);
    expect(await waiting).toMatchObject({
      result: 'busy',
      message: expect.stringContaining('second') as unknown,
    });
    expect(bench.clock.sleeps.length).toBeLessThanOrEqual(1);
  });
  it('is waited for by one of twenty who are warned at once', async () => {
    const bench = new Bench();
    await held(bench, 'a tick that died', 1000);
    const before = bench.clock.now();
    const warned = Array.from({ length: 20 }, () => bench.tick(undefined, 280, WARNED));
    expect((await Promise.all(warned)).map(({ result }) => result)).toEqual(Array(20).fill('busy'));
    expect(bench.clock.now() - before).toBe(100);
  });
  it('is taken at once when it was given back between the attempt and the knock', async () => {
    const bench = new Bench();
    const first = await held(bench, 'first', 150);
    bench.store.before = async (call) => {
      if (call !== 'knock') return;
      bench.store.before = () => undefined;
      await bench.store.release(first);
    };
    expect(await bench.tick(undefined, 280, ORDERED)).toMatchObject({ result: 'done' });
  });
});

describe('a tick that is asked for more', () => {
  /** An event with these terms comes when the first tick has done its work and is about to end. */
  async function lateEvent(terms: Partial<TickTerms>, seconds = 280) {
    const bench = new Bench();
    const came: Promise<Summary>[] = [];
    bench.store.before = async (call) => {
      if (call !== 'release' && call !== 'abandon') return;
      bench.store.before = () => undefined;
      bench.runnable = 1;
      came.push(bench.tick(undefined, 280, terms));
      await Promise.all(came);
    };
    const tick = await bench.tick(undefined, seconds);
    return { tick, event: await came[0], running: bench.running.length };
  }

  it('by an order that comes in its last round acts on it', async () => {
    const { tick, event, running } = await lateEvent(ORDERED);
    expect(event).toMatchObject({ result: 'busy' });
    expect(tick).toMatchObject({ result: 'done', done: { launch: 1 } });
    expect(running).toBe(1);
  });
  it('leaves to the schedule what nobody knocked for', async () => {
    expect(await lateEvent({})).toMatchObject({ tick: { rounds: 1, done: {} }, running: 0 });
  });
  it('ends in time all the same, and gives the lease back', async () => {
    const { tick, running } = await lateEvent(ORDERED, 7);
    expect(tick).toMatchObject({ result: 'done', rounds: 1, done: {} });
    expect(running).toBe(0);
  });
  it('goes on for it beyond its own deadline, up to the last one', async () => {
    const bench = new Bench();
    bench.isReachable = false;
    bench.runnable = 1;
    let releases = 0;
    bench.store.before = async (call) => {
      if (call === 'release' && (releases += 1) <= 2) await bench.tick(undefined, 280, ORDERED);
    };
    const lastDeadline = bench.clock.now() + 280;
    expect(await bench.tick(undefined, 0, { lastDeadline })).toMatchObject({ rounds: 3 });
    expect(releases).toBe(3);
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
