import { beforeEach, describe, expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { KVM, OperateBench, TICK, TYPE } from './bench.ts';

let bench: OperateBench;

beforeEach(async () => {
  bench = new OperateBench();
  await bench.pass(120);
  await bench.ticks(1);
});

const words = (answer: Answer): string =>
  answer.result === 'explanation' ? [answer.answer, ...answer.because].join('\n') : JSON.stringify(answer);

const why = async (question: object): Promise<string> => words(await bench.ask({ explain: question }, 20));

const queue = (count: number, features: readonly string[] = []): void => {
  bench.world.runner.queue({ count, system: 'x86_64-linux', features, seconds: 3000 });
};

describe('explain a type', () => {
  it('says the arithmetic, the cap, and who asked for more', async () => {
    queue(40);
    await bench.ticks(1);
    await bench.ask({ scaleOut: { type: TYPE, count: 3, minutes: 60, by: 'Ada' } });
    const said = await why({ type: TYPE });
    expect(said).toMatch(/x86_64-linux has 4 machines \(.*ready.*\) and is allowed 4/);
    expect(said).toContain(told.demand({ runnable: 32, ignored: 0, perMachine: 2, wanted: 16 }));
    expect(said).toContain(told.capped(4));
    expect(said).toMatch(/steps that count for it: x86_64-linux: \d+ runnable, 8 running/);
    expect(said).toContain('scaled out by hand (Ada) to 3');
  });

  it('says what rests after a capacity error, and for how long', async () => {
    bench.world.region.capacity.limit({}, 0);
    queue(4);
    await bench.pass(10);
    await bench.ask(TICK, 60);
    const said = await why({ type: TYPE });
    expect(said).toMatch(/rests for \d+ (s|min) more: InsufficientInstanceCapacity/);
    expect(said).toMatch(/c7i\.2xlarge \(on-demand\) rests/);
  });
});

describe('explain steps', () => {
  it('of no type: why not each, and what to add', async () => {
    queue(1, ['benchmark']);
    await bench.pass(60);
    const said = await why({ system: 'x86_64-linux', features: ['benchmark'] });
    expect(said).toContain('no machine type covers x86_64-linux:benchmark');
    expect(said).toContain('x86_64-linux does not: it lacks benchmark');
    expect(said).toContain('it is kept for steps that require kvm');
    expect(said).toContain('remedy: add benchmark to supportedFeatures of a x86_64-linux type');
    expect(await why({ system: 'aarch64-linux' })).toContain(
      'x86_64-linux does not: it builds x86_64-linux, i686-linux, not aarch64-linux',
    );
  });

  it('that a type covers: its machines, its cap, its pause', async () => {
    queue(12, ['kvm']);
    await bench.ticks(1);
    const atCap = await why({ system: 'x86_64-linux', features: ['kvm'] });
    expect(atCap).toMatch(/x86_64-linux:kvm is built by x86_64-linux:kvm: 2 ready \(0 of 4 slots free\)/);
    expect(atCap).toContain(told.capped(2));
    await bench.ask({ pause: { type: KVM, by: 'Ada' } }, 5);
    expect(await why({ system: 'x86_64-linux', features: ['kvm'] })).toContain('paused by hand (Ada)');
  });

  it('while Hydra cannot be asked: that nothing is known, and why', async () => {
    queue(4);
    bench.world.runner.stop();
    await bench.pass(30);
    expect(await why({ system: 'x86_64-linux' })).toMatch(
      /not trusted \(down\): the queue runner is not running/,
    );
  });

  it('that are not in the queue: says so', async () => {
    expect(await why({ system: 'i686-linux' })).toContain('the queue holds no i686-linux steps now');
  });
});

describe('explain a machine', () => {
  it('at work: its slots, its place in EC2, its orders', async () => {
    queue(4);
    await bench.ticks(1);
    const machine = await bench.firstMachine();
    await bench.ask({ protect: { machine, minutes: 30, by: 'Ada' } }, 5);
    const said = await why({ machine });
    expect(said).toMatch(/\(x86_64-linux\) is ready, for \d+ (s|min); in the next round: stays as it is/);
    expect(said).toMatch(/the queue runner has it offered with \d running steps/);
    expect(said).toMatch(/EC2: running c7i\.2xlarge \(on-demand\) at \d/);
    expect(said).toMatch(/a person's order: protected by hand \(Ada\) for 30 min more/);
  });

  it('that drains: how far it has come and what it waits for', async () => {
    queue(4);
    await bench.ticks(1);
    const machine = await bench.firstMachine();
    await bench.ask({ drain: { machine } }, 60);
    const said = await why({ machine });
    expect(said).toMatch(/is draining/);
    expect(said).toContain(told.waitsFor(''));
    expect(said).toMatch(/withdrawn \d+ s ago/);
  });

  it('that is not there: says so', async () => {
    expect(await why({ machine: 'i-0123456789abcdef0' })).toContain('EC2 shows no such instance of ours');
  });
});
