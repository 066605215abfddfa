/** The judge sees launches that nothing asks for. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Ahead } from '../../../local/world/judge/ahead.ts';
import { KVM, OperateBench, TYPE } from '../../operate/bench.ts';

let farm: OperateBench;
let broken: string[];
let ahead: Ahead;

beforeEach(() => {
  const systemTypes = { [TYPE]: { targetWait: 600 }, [KVM]: { runnablesPerMachine: 1 } };
  farm = new OperateBench({ watch: false, systemTypes });
  broken = [];
  ahead = new Ahead(farm.world, (rule, what) => broken.push(`rule ${rule}: ${what}`));
});

/** Launched, and looked at. */
const launched = (type: string): void => {
  ahead.launched([type]);
  ahead.look(false, () => 0);
};

const evaluated = (times: number, features: readonly string[] = []): void => {
  for (let time = 0; time < times; time++)
    farm.world.evaluations.end('p:j', [{ system: TYPE, features, builds: 4 }]);
};

describe('a launch', () => {
  it('that nothing asks for breaks rule 4', () => {
    launched(TYPE);
    expect(broken).toEqual([
      expect.stringMatching(/^rule 4: x86_64-linux was launched, for which nothing waits/),
    ]);
  });

  it('of a type that counts otherwise is judged elsewhere', () => {
    launched(KVM);
    expect(broken).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['builds wait', () => void farm.world.runner.queue({ count: 1, system: TYPE, seconds: 60 })],
    [
      'a jobset is evaluated that has brought builds twice',
      () => {
        evaluated(2);
        farm.world.evaluations.begin('p:j');
      },
    ],
    ['a person wants machines', () => void ahead.look(false, () => 1)],
    ['nobody knows what was heard', () => void ahead.look(true, () => 0)],
  ])('is well while %s', (_what, ask) => {
    ask();
    launched(TYPE);
    expect(broken).toEqual([]);
  });

  it('may be what a person has ordered since the last look', () => {
    ahead.launched([TYPE]);
    ahead.look(false, () => 1);
    expect(broken).toEqual([]);
  });

  it.each([
    ['brought builds once', 1, []],
    ['brings builds of others', 2, ['kvm']],
  ])('for an evaluation that %s breaks rule 4', (_what, times, features) => {
    evaluated(times, features);
    farm.world.evaluations.begin('p:j');
    launched(TYPE);
    expect(broken).toHaveLength(1);
  });

  it('may follow what asked a while ago, and not for ever', async () => {
    ahead.look(true, () => 0);
    await farm.pass(600);
    launched(TYPE);
    expect(broken).toEqual([]);
    await farm.pass(3000);
    launched(TYPE);
    expect(broken).toHaveLength(1);
  });
});
