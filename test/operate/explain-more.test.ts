/** Why a type has more machines than it is allowed: one line per reason, with how many machines it holds for. */
import { beforeEach, describe, expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import { KVM, OperateBench, TYPE } from './bench.ts';

let bench: OperateBench;
beforeEach(async () => {
  bench = new OperateBench();
  await bench.pass(120);
  await bench.ticks(1);
});

async function why(type: string): Promise<readonly string[]> {
  const answer = await bench.ask({ explain: { type } }, 5);
  if (answer.result !== 'explanation') throw new Error(JSON.stringify(answer));
  return [answer.answer, ...answer.because];
}

/** Machines that are no longer needed, a period ago. */
async function surplus(type: string, count: number): Promise<void> {
  await bench.ask({ scaleOut: { type, count, minutes: 60 } }, 20);
  await bench.ticks(1);
  await bench.ask({ scaleIn: { type } }, 30);
}

describe('more machines than are allowed', () => {
  it('are there for the hour they are paid for', async () => {
    await surplus(KVM, 2);
    const said = await why(KVM);
    expect(said[0]).toContain('has 2 machines (2 ready) and is allowed 0');
    expect(said).toContain(`2 ready: ${told.notNeededBut('paid')}`);
  });

  it('are there for grace, for a person, and for the steps on them', async () => {
    await surplus(TYPE, 4);
    await bench.ask({ protect: { machine: await bench.firstMachine(), by: 'Ada' } }, 5);
    bench.world.runner.queue({ count: 1, system: TYPE, seconds: 900 });
    await bench.pass(60);
    const said = await why(TYPE);
    expect(said).toContain('1 ready: protected by hand (Ada) until somebody ends it');
    expect(said).toContain('1 ready: at work, and not needed beyond that');
    expect(said).toContain(`2 ready: ${told.notNeededBut('grace')}`);
  });

  it('are there until they are drained', async () => {
    bench.world.runner.queue({ count: 8, system: TYPE, seconds: 3000 });
    await bench.ticks(2);
    const [first, second] = Object.keys(await bench.machines());
    await bench.ask({ drain: { machine: first } }, 20);
    await bench.ask({ drain: { machine: second } }, 60);
    const said = await why(TYPE);
    expect(said).toContain('2 draining: waits for its running steps');
    expect(said).toContain('2 ready: at work');
  });

  it('are there while the type is paused, and while nothing is known', async () => {
    await surplus(TYPE, 2);
    await bench.ask({ pause: { type: TYPE } }, 5);
    expect(await why(TYPE)).toContain('2 ready: left as it is while its type is paused');
    await bench.ask({ resume: { type: TYPE } }, 30);
    bench.world.runner.stop();
    await bench.pass(30);
    expect(await why(TYPE)).toContain('2 ready: nothing is ended while the queue status is not trusted');
  });
});

describe('what AWS says', () => {
  it('stays in one piece, semicolons and all', async () => {
    const { fleet } = bench.workplace.ports;
    const says = 'none left (in us-east-1a; try later)';
    fleet.launch = () =>
      Promise.resolve({
        answered: true,
        instanceIds: [],
        pools: new Map(),
        refusals: [{ kind: 'capacity', code: 'InsufficientInstanceCapacity', says }],
      });
    await bench.ask({ scaleOut: { type: TYPE, count: 1 } }, 20);
    const said = await why(TYPE);
    expect(said.filter((line) => line.includes('('))).toEqual(
      expect.arrayContaining([expect.stringMatching(/\(in us-east-1a; try later\)$/)]) as unknown,
    );
    expect(said.filter((line) => line.includes('try later') && !line.includes('none left'))).toEqual([]);
  });
});
