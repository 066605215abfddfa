/** What is said of a scale-out by hand: what holds, what there is of it, and why there is no more. */
import { beforeEach, describe, expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import type { Summary } from '../../lambdas/core/account/summary.ts';
import { renderAnswer } from '../../local/programs/operate/show-answer.ts';
import { OperateBench, TICK, TYPE } from './bench.ts';

let bench: OperateBench;

const begin = async (changes: Readonly<Record<string, unknown>> = {}): Promise<void> => {
  bench = new OperateBench(changes);
  await bench.pass(120);
  await bench.ticks(1);
};
beforeEach(() => begin());

const order = (count: number): Promise<Answer> =>
  bench.ask({ scaleOut: { type: TYPE, count, minutes: 60 } }, 30);
const floors = async (): Promise<readonly number[]> =>
  (await bench.store.load(bench.now)).floors.map(({ count }) => count);

describe('a scale-out', () => {
  it('says what there is of it once a tick has launched it', async () => {
    expect((await order(2)).message).toBe(
      'at least 2 machines of x86_64-linux for 60 minutes; a tick has acted on it (launch 2): 2 booting now',
    );
  });

  it('is not said to be acted on while its type is paused', async () => {
    await bench.ask({ pause: { type: TYPE, by: 'Ada' } }, 5);
    const { message } = await order(2);
    expect(message).toMatch(/x86_64-linux is paused, so not before it is resumed/);
    expect(message).toMatch(/\(paused\), and there is no machine now: .*paused by hand \(Ada\)/);
    expect(message).not.toContain('acted on it');
  });

  it('says why there is none after a refusal, and tries again at once for who asks again', async () => {
    bench.world.region.capacity.limit({}, 0);
    expect(await order(2)).toMatchObject({
      message: expect.stringMatching(
        /\(launch 2\), and there is no machine now: the problems of that tick say why$/,
      ) as unknown,
      tick: { problems: [expect.stringContaining(`${told.launchCall(2, TYPE, 'CreateFleet')} was refused`)] },
    });
    const { types } = (await bench.ask(TICK, 30)) as Summary;
    expect(types[0]).toMatchObject({
      verdict: 'keep 2',
      reason: expect.stringContaining('InsufficientInstanceCapacity') as unknown,
    });
    bench.world.region.capacity.limit({}, 9);
    expect((await order(2)).message).toContain('(launch 2): 2 booting now');
  });

  it('calls a launch without an answer no refusal', async () => {
    const { fleet } = bench.workplace.ports;
    fleet.launch = () => Promise.resolve({ answered: false, reason: 'time-out' });
    expect(await order(2)).toMatchObject({
      message: expect.stringContaining('acted on it (launch 2): 2 requested now') as unknown,
      tick: {
        problems: [
          `${told.launchCall(2, TYPE, 'CreateFleet')} may or may not have been carried out: ${told.noAnswer('time-out')}`,
        ],
      },
    });
  });

  it('says which cap keeps it short', async () => {
    await begin({ maxTotalMachines: 1 });
    const { message } = await order(2);
    expect(message).toContain('(launch 1), and there is 1 booting now: ');
    expect(message).toContain(told.atTotalCap(1));
  });
});

describe('the status of a farm scaled out by hand', () => {
  it('says until when', async () => {
    await bench.ask({ scaleOut: { type: TYPE, count: 4, minutes: 60, by: 'Ada' } }, 300);
    const now = await bench.ask({ status: true }, 5);
    expect(now).toMatchObject({ orders: ['x86_64-linux: scaled out by hand (Ada) to 4 for 55 min more'] });
    expect(renderAnswer(now, 100, false)).toContain('ORDERS\n  x86_64-linux: scaled out by hand (Ada) to 4');
  });
});

describe('an order whose tick fails', () => {
  it('is answered all the same: it is recorded, and the next tick acts on it', async () => {
    const { fleet } = bench.workplace.ports;
    const describeAll = fleet.describe.bind(fleet);
    fleet.describe = () => Promise.reject(new Error('RequestLimitExceeded'));
    expect(await order(1)).toMatchObject({
      result: 'recorded',
      floor: { type: TYPE, count: 1 },
      message:
        'recorded: at least 1 machine of x86_64-linux for 60 minutes; ' +
        'the tick that followed failed: RequestLimitExceeded; the next one acts on it',
    });
    expect(bench.problems).toEqual(['the tick that followed an order failed: RequestLimitExceeded']);
    await expect(bench.ask(TICK, 30)).rejects.toThrow('RequestLimitExceeded');
    fleet.describe = describeAll;
    await bench.ticks(1);
    expect(await floors()).toEqual([1]);
    expect(Object.values(await bench.machines())).toEqual(['ready']);
  });
});
