import { describe, expect, it } from 'vitest';
import { besides, dialled, todayOf } from '../../../local/prove/advise/candidates.ts';

const names = (candidates: readonly { readonly name: string }[]) => candidates.map(({ name }) => name);

describe('the dial', () => {
  it('stands in place of the old arithmetic, billed as AWS charges', () => {
    const type = { maxJobs: 4, runnablesPerMachine: 8, gracePeriod: 600, billing: 'hourly' };
    expect(dialled(type)[2]).toEqual({
      name: 'targetWait 600, billing auto',
      changes: { runnablesPerMachine: undefined, gracePeriod: undefined, targetWait: 600, billing: 'auto' },
      type: { maxJobs: 4, targetWait: 600, billing: 'auto' },
      size: 1,
    });
  });
  it('needs no word on billing where nothing is written, and knows today’s value', () => {
    expect(names(dialled({ targetWait: 300 }))).toEqual([
      ...['targetWait 150', 'today', 'targetWait 600', 'targetWait 1200', 'targetWait 2400'],
    ]);
  });
});

describe('what is tried beside the best step of the dial', () => {
  const type = { maxJobs: 4, maxMachines: 5, minMachines: 1, instanceTypes: ['c7i.2xlarge', 'c6i.2xlarge'] };

  it('is the other placement, hours, and half and twice the machine with as many slots in all', () => {
    const tried = besides(type, todayOf(type));
    expect(names(tried)).toEqual([
      'placement spread',
      'billing hourly',
      'maxJobs 2, instanceTypes c7i.xlarge',
      'maxJobs 8, instanceTypes c7i.4xlarge',
    ]);
    expect(tried.map(({ size }) => size)).toEqual([1, 1, 0.5, 2]);
    expect(tried.map(({ type: { maxMachines, minMachines } }) => [maxMachines, minMachines])).toEqual([
      [5, 1],
      [5, 1],
      [10, 2],
      [3, 1],
    ]);
  });
  it('keeps what is best on the dial', () => {
    const [, , best] = dialled(type);
    if (best === undefined) throw new Error('the dial has no third step');
    for (const { type: tried, name } of besides(type, best)) {
      expect(tried).toMatchObject({ targetWait: 600 });
      expect(name).toMatch(/^targetWait 600, /);
    }
  });
  it('has no machine that there is none of, and none with half a slot', () => {
    const large = { ...type, maxJobs: 1, instanceTypes: ['c7i.large'] };
    expect(names(besides(large, todayOf(large))).slice(2)).toEqual(['maxJobs 2, instanceTypes c7i.xlarge']);
    const bare = { ...type, instanceTypes: ['t3.2xlarge'] };
    expect(names(besides(bare, todayOf(bare))).slice(2)).toEqual(['maxJobs 2, instanceTypes t3.xlarge']);
  });
  it('has no other size where EC2 chooses the machine', () => {
    const required = { maxJobs: 4, instanceRequirements: { vCpus: 8 } };
    expect(names(besides(required, todayOf(required)))).toEqual(['placement spread', 'billing hourly']);
  });
  it('turns spread into pack', () => {
    const spread = { placement: 'spread' };
    expect(names(besides(spread, todayOf(spread)))[0]).toBe('placement pack');
  });
});
