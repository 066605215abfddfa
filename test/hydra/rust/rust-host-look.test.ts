/** What a look at a host with the Rust queue runner concludes, over SSM. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from '../../../lambdas/core/model/index.ts';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import type { Candidate } from '../../../lambdas/ports.ts';
import { printedLook } from '../../../local/world/ports/rust-look.ts';
import { aBootingMachine } from '../../core/given.ts';
import { answerOf, changed } from './given.ts';
import { RustHostBench, TYPE } from './rust-host-bench.ts';

let bench: RustHostBench;
beforeEach(async () => {
  bench = await RustHostBench.start();
});
afterEach(async () => {
  await bench.stop();
});

/** The document `observe` prints this look. */
function prints(answer: RustAnswer): void {
  bench.stub('observe', `echo '${printedLook(answer).trimEnd()}'`);
}

const candidate = (instanceId: string, machine: Partial<Machine> = {}): Candidate => ({
  machine: { ...aBootingMachine({ instanceId }), ...machine },
  type: TYPE,
  address: '10.0.0.9',
});

const lookAt = (answer: RustAnswer, ...candidates: readonly Candidate[]) => {
  prints(answer);
  return bench.host().look({ candidates, hasOffered: true });
};

describe('a look', () => {
  it('says that it was the Rust queue runner who answered, and how all stands', async () => {
    const view = await lookAt(answerOf('05-running-saturated'));
    expect(view).toMatchObject({
      runner: 'rust',
      queue: { trusted: true, machines: new Map([['i-0b1', expect.objectContaining({ currentJobs: 2 })]]) },
      offer: { seen: { hostAt: Math.floor(answerOf('05-running-saturated').hostNow) } },
    });
  });

  it('that is not whole says nothing, not even who answered', async () => {
    bench.stub('observe', 'echo hydra-autoscaler 1 observe-rust');
    const view = await bench.host().look({ candidates: [], hasOffered: true });
    expect(view).toEqual({
      queue: expect.objectContaining({ cause: 'unreadable' }) as unknown,
      readiness: [],
    });
  });

  it('at a host that is said to have the other one says what to do', async () => {
    prints(answerOf('05-running-saturated'));
    const { queue, runner } = await bench.host('cpp').look({ candidates: [], hasOffered: true });
    expect(runner).toBeUndefined();
    expect(queue).toMatchObject({
      cause: 'unsupported',
      remedy: expect.stringContaining('host.runner') as unknown,
    });
  });
});

describe('a machine is ready', () => {
  const readiness = async (answer: RustAnswer, one: Candidate) => (await lookAt(answer, one)).readiness[0];
  const b1 = candidate('i-0b1');

  it('when it is shown alive, with what its type offers', async () => {
    expect(await readiness(answerOf('05-running-saturated'), b1)).toEqual({
      instanceId: 'i-0b1',
      reached: true,
      detail: '',
    });
  });

  it.each([
    [{ systems: ['aarch64-linux'] }, {}, 'it lacks the system x86_64-linux'],
    [{ supportedFeatures: [] }, {}, 'it lacks the feature big-parallel'],
    [{ maxJobs: 4 }, {}, 'it takes 4 jobs instead of 2'],
    [{}, { sinceLastPing: 31 }, 'not heard of it for 31 s'],
    [{}, { lastPing: 0 }, 'its first ping has not come yet'],
    [{}, { consecutiveFailures: 3, succeededBuilds: 0, totalStepBuildTimeMs: 0 }, '3 steps failed on it'],
  ])('but not with %j and %j', async (machine, stats, words) => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1'] ?? {}, { uptime: 5 }, machine);
      Object.assign(machines['i-0b1']?.stats ?? {}, stats);
    });
    expect(await readiness(answer, b1)).toMatchObject({
      reached: false,
      detail: expect.stringContaining(words) as unknown,
    });
  });

  it('but not with slots that are all held by steps which are over', async () => {
    const answer = answerOf('05-running-saturated', { held: new Map([['i-0b1', 2]]) });
    expect(await readiness(answer, b1)).toMatchObject({
      reached: false,
      detail: 'all its slots are held by steps that are over',
    });
  });

  it('and stays so when a setting of its type is changed after it was launched', async () => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1'] ?? {}, { maxJobs: 4, supportedFeatures: [] });
    });
    const inUse = candidate('i-0b1', { phase: 'ready' });
    expect(await readiness(answer, inUse)).toMatchObject({ reached: true });
  });

  it('and one that has not dialled in is asked why, once it has had the time', async () => {
    bench.node('i-02');
    const journal = Buffer.from('Error: API version mismatch: client has 1, server has 2\n').toString(
      'base64',
    );
    bench.stub('askBuilder', `echo v1 builder activating 65 closed ${journal}`);
    const late = candidate('i-02', { phaseSince: bench.clock.now() - 120 });
    expect((await readiness(answerOf('05-running-saturated'), late))?.detail).toMatch(
      /of another version.*65/,
    );
    const early = candidate('i-02', { phaseSince: bench.clock.now() - 30 });
    expect((await readiness(answerOf('05-running-saturated'), early))?.detail).toBe('it has not dialled in');
  });
});
