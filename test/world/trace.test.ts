/** Recorded queues: the kinds in them are the queue runner's, which name places beside features. */
import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../local/world/trace.ts';

const HEADER = 'arrival_s,system,duration_s';
const traced = (...rows: readonly string[]) => parseTrace([HEADER, ...rows].join('\n'));

describe('a trace', () => {
  it('of steps that prefer to be built locally asks no machine for a feature of that name', () => {
    expect(traced('0,x86_64-linux:local,5', '0,"x86_64-linux:kvm,local",7')).toMatchObject([
      { system: 'x86_64-linux', features: [], preferLocal: true },
      { system: 'x86_64-linux', features: ['kvm'], preferLocal: true },
    ]);
  });

  it('takes the other words behind a system for features', () => {
    const [arrival] = traced('0,x86_64-linux:kvm,5', '0,builtin,5');
    expect(arrival).toEqual({
      atSeconds: 0,
      system: 'x86_64-linux',
      features: ['kvm'],
      durationsSeconds: [5],
    });
  });

  it('may tell evaluations, and those that brought nothing', () => {
    const rows = [
      '9,x86_64-linux:kvm,5,p:j,120',
      '9,x86_64-linux:kvm,7,p:j,120',
      '20,x86_64-linux,,p:j,30',
      '30,x86_64-linux,8,,',
    ];
    expect(parseTrace([`${HEADER},jobset,evaluation_s`, ...rows].join('\n'))).toMatchObject([
      {
        atSeconds: 9,
        features: ['kvm'],
        durationsSeconds: [5, 7],
        evaluation: { jobset: 'p:j', seconds: 120 },
      },
      { atSeconds: 20, durationsSeconds: [], evaluation: { jobset: 'p:j', seconds: 30 } },
      { atSeconds: 30, durationsSeconds: [8] },
    ]);
  });

  it('without those columns has none of either', () => {
    expect(() => traced('9,x86_64-linux,5,p:j,120')).toThrow('line 2: must be SECONDS,SYSTEM');
    expect(() => traced('9,x86_64-linux,')).toThrow('line 2');
  });
});
