/** The watch between ticks: left at the end of each, ended by the next, and never more than a reason to look sooner. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Summary } from '../../lambdas/core/account/summary.ts';
import type { Result } from '../../lambdas/core/reason/result.ts';
import type { HostWatch, WatchEnd, WatchTerms } from '../../lambdas/ports.ts';
import { answer } from '../../lambdas/reconcile/answer.ts';
import { OperateBench, TICK, TYPE } from '../operate/bench.ts';

const EVENT = {
  source: 'aws.ssm',
  'detail-type': 'EC2 Command Invocation Status-change Notification',
  detail: { status: 'Success' },
};

/** Notes what it is asked, and does nothing. */
class NotedWatch implements HostWatch {
  readonly left: WatchTerms[] = [];
  readonly ended: string[] = [];
  found: string | undefined;
  refuses = false;
  isEndless = false;

  leave(terms: WatchTerms): Promise<Result<string>> {
    this.left.push(terms);
    const problem = { says: 'SSM has had enough' };
    return Promise.resolve(
      this.refuses ? { ok: false, problem } : { ok: true, value: `watch-${this.left.length}` },
    );
  }

  end(id: string): Promise<WatchEnd> {
    this.ended.push(id);
    if (this.isEndless) return Promise.resolve({ problem: { says: 'AWS has refused it' } });
    return Promise.resolve(this.found === undefined ? {} : { found: this.found });
  }
}

let bench: OperateBench;
let watch: NotedWatch;
let invocations = 0;

async function tick(event: object = TICK, seconds = 20): Promise<Summary> {
  const ports = { ...bench.workplace.ports, watch };
  invocations += 1;
  const invocation = { requestId: `r${invocations}`, nonce: '1', remainingSeconds: 400 };
  const answered = answer({ ...bench.workplace, ports }, event, invocation);
  await bench.pass(seconds);
  return (await answered) as Summary;
}

async function given(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
  bench = new OperateBench(changes);
  watch = new NotedWatch();
  await bench.pass(120);
}

beforeEach(() => given());

describe('a tick that has nothing to do', () => {
  it('looks once, ends the watch before it, and leaves another', async () => {
    expect(await tick()).toMatchObject({ rounds: 1, woken: 'somebody who asked for a tick' });
    expect(watch).toMatchObject({ ended: [], left: [{ delaySeconds: 0, seconds: 320 }] });
    expect(await tick({ tick: true, scheduledTime: '2027-01-15T08:00:00Z' })).toMatchObject({
      rounds: 1,
      woken: 'the schedule',
    });
    expect(watch.ended).toEqual(['watch-1']);
    const [first, second] = watch.left;
    expect(second?.turn).toBeGreaterThan(first?.turn ?? Infinity);
  });

  it('says in its answer and in the journal what the watch found that woke it', async () => {
    await tick();
    watch.found = '3 steps of x86_64-linux could start';
    const { woken } = await tick(EVENT);
    expect(woken).toBe('the watch on the Hydra host: 3 steps of x86_64-linux could start');
    expect(bench.journal.written.at(-1)).toMatchObject({ kind: 'tick', woken });
  });

  it('gives the next watch time where one has woken it for nothing, more each time, until there is a use', async () => {
    await tick();
    for (let times = 0; times < 7; times++) await tick(EVENT);
    expect(watch.left.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 15, 30, 60, 120, 240, 320, 320]);
    // Nor does the schedule wear that off.
    await tick();
    expect(watch.left.at(-1)?.delaySeconds).toBe(320);
    bench.world.runner.queue({ count: 1, system: TYPE, seconds: 100 });
    await tick(EVENT, 290);
    expect(watch.left.at(-1)?.delaySeconds).toBe(0);
  });

  it('only says so where the watch before it could not be ended, and leaves another', async () => {
    await tick();
    watch.isEndless = true;
    expect(await tick()).toMatchObject({
      result: 'done',
      problems: ['the watch on the Hydra host could not be ended: AWS has refused it'],
    });
    expect(watch.left).toHaveLength(2);
  });

  it('only says so where no watch could be left, and tries again the next time', async () => {
    watch.refuses = true;
    expect(await tick()).toMatchObject({
      result: 'done',
      problems: ['no watch could be left on the Hydra host: SSM has had enough'],
    });
    expect(bench.problems).toEqual(['no watch could be left on the Hydra host: SSM has had enough']);
    expect((await bench.store.load(bench.now)).farm.watch).toMatchObject({
      problem: { says: 'SSM has had enough' },
    });
    watch.refuses = false;
    await tick();
    expect(watch).toMatchObject({ ended: [] });
    expect((await bench.store.load(bench.now)).farm.watch).toMatchObject({ id: 'watch-2', inVain: 0 });
  });
});

describe('no watch is left', () => {
  it('where it is off; one that is there is ended', async () => {
    await tick();
    Object.assign(bench.config, { watch: false });
    await tick();
    await tick();
    expect(watch).toMatchObject({ ended: ['watch-1'], left: { length: 1 } });
  });

  it('where the function only looks on', async () => {
    await given({ observeOnly: true });
    expect(await tick()).toMatchObject({ result: 'observed' });
    expect(watch.left).toEqual([]);
  });

  it('where the queue runner cannot be believed', async () => {
    bench.world.runner.stop();
    await bench.pass(60);
    await tick();
    expect(watch.left).toEqual([]);
  });
});

describe('a watch that finds something while its tick is about to end', () => {
  it('has that tick look once more', async () => {
    await tick();
    await bench.pass(60);
    let came: Promise<unknown> | undefined;
    const { leave } = watch;
    watch.leave = (terms) => {
      if (came === undefined) {
        bench.world.runner.queue({ count: 1, system: TYPE, seconds: 100 });
        came = answer({ ...bench.workplace, ports: { ...bench.workplace.ports, watch } }, EVENT, {
          ...{ requestId: 'late', nonce: '1', remainingSeconds: 400 },
        });
      }
      return leave.call(watch, terms);
    };
    const summary = await tick(TICK, 290);
    expect(summary.done.launch).toBe(1);
    expect(await came).toMatchObject({ result: 'busy' });
  });
});
