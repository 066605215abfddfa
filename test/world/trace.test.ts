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
});
