/** How builders of the Rust queue runner are opened and closed, over SSM. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Machine, QueueStatus } from '../../../lambdas/core/model/index.ts';
import { readQueueStatus } from '../../../lambdas/hydra/rust/queue-status.ts';
import type { Wanted } from '../../../lambdas/ports.ts';
import { aMachine, lacking, sightingAt } from '../../core/given.ts';
import { answerOf } from './given.ts';
import { RustHostBench, TYPE } from './rust-host-bench.ts';

let bench: RustHostBench;
beforeEach(async () => {
  bench = await RustHostBench.start();
});
afterEach(async () => {
  await bench.stop();
});

describe('an offer', () => {
  const trusted = (name: string): QueueStatus => readQueueStatus(answerOf(name)).status;
  const draining = (instanceId: string, changes: Partial<Machine> = {}): Machine => ({
    ...aMachine({ instanceId }),
    phase: 'draining',
    runner: 'rust',
    drain: { since: bench.clock.now(), reason: 'not needed' },
    ...changes,
  });
  const wanted = (changes: Partial<Wanted>): Wanted => ({
    ...{ runner: 'rust', offers: [], withdrawn: [], nudge: false },
    standing: { digest: 'builders', seen: sightingAt(bench.clock.now()) },
    queue: trusted('05-running-saturated'),
    ...changes,
  });
  const gates = (): readonly string[] =>
    bench.ssm.sent.flatMap(({ DocumentName, Parameters, InstanceIds }) =>
      DocumentName === 'gate' ? [`${Parameters['gate']?.[0]} ${InstanceIds.join()}`] : [],
    );
  const offering = (instanceId: string) => ({ machine: aMachine({ instanceId }), type: TYPE });

  it('closes what drains, and is proven by the machine itself', async () => {
    bench.node('i-0b1');
    const { unproven } = await bench.host().offer(wanted({ withdrawn: [draining('i-0b1')] }));
    expect([...(unproven ?? [])]).toEqual([]);
    expect(gates()).toEqual(['close i-0b1']);
  });

  it('opens what the status shows closed, and leaves alone what is as it should be', async () => {
    bench.node('i-0b1');
    await bench.host().offer(wanted({ offers: [offering('i-0b1')] }));
    expect(gates()).toEqual([]);
    await bench
      .host()
      .offer(wanted({ offers: [offering('i-0b1')], queue: trusted('06-cordoned-while-building') }));
    expect(gates()).toEqual(['open i-0b1']);
  });

  it('closes again what was closed before and is open: it was restarted, or somebody opened it', async () => {
    bench.node('i-0b1');
    const drain = { since: 1, reason: 'not needed', withdrawn: sightingAt(2) };
    await bench.host().offer(wanted({ withdrawn: [draining('i-0b1', { drain })] }));
    expect(gates()).toEqual(['close i-0b1']);
    await bench
      .host()
      .offer(wanted({ withdrawn: [draining('i-0b1', { drain })], queue: trusted('07-cordoned-drained') }));
    expect(gates()).toHaveLength(1);
  });

  it('of a machine that cannot be asked is not proven, unless it is long gone', async () => {
    const { unproven } = await bench.host().offer(wanted({ withdrawn: [draining('i-0f0')] }));
    expect([...(unproven ?? [])]).toEqual(['i-0f0']);
    const drain = { since: bench.clock.now() - 200, reason: 'not needed' };
    const later = await bench.host().offer(wanted({ withdrawn: [draining('i-0f0', { drain })] }));
    expect([...(later.unproven ?? [])]).toEqual([]);
  });

  it('of one that has vanished is proven by its silence, however long the status remembers it', async () => {
    const queue = trusted('18-unsupported-before-limit');
    const drain = { since: bench.clock.now() - 200, reason: 'not needed' };
    const { unproven } = await bench
      .host()
      .offer(wanted({ withdrawn: [draining('i-0b3', { drain })], queue }));
    expect([...(unproven ?? [])]).toEqual([]);
    const heard = await bench.host().offer(wanted({ withdrawn: [draining('i-0b2', { drain })], queue }));
    expect([...(heard.unproven ?? [])]).toEqual(['i-0b2']);
  });

  it('withdraws what serves the former queue runner by the word of the new one', async () => {
    bench.stub('publish', 'exit 1');
    bench.node('i-0c0');
    const former = aMachine({ instanceId: 'i-0c0', phase: 'draining', drain: { since: 1, reason: 'x' } });
    const { unproven } = await bench.host().offer(wanted({ withdrawn: [former] }));
    // A host that is rolled back would go by the file.
    expect(bench.ssm.sent.map(({ DocumentName }) => DocumentName)).toEqual(['publish']);
    expect([...(unproven ?? [])]).toEqual([]);
    const untold = await bench
      .host()
      .offer(wanted({ withdrawn: [former], queue: { trusted: false, cause: 'stale', says: 'old' } }));
    expect([...(untold.unproven ?? [])]).toEqual(['i-0c0']);
    expect(bench.ssm.sent).toHaveLength(1);
    expect(gates()).toEqual([]);
  });

  it('closes and opens what it can, and leaves out machines that are not shown: they are given no work', async () => {
    bench.node('i-0b1');
    bench.node('i-0b2');
    const { unproven } = await bench
      .host()
      .offer(wanted({ offers: [offering('i-0b2')], withdrawn: [draining('i-0b1')] }));
    expect(gates()).toEqual(['close i-0b1']);
    expect([...(unproven ?? [])]).toEqual([]);
  });

  it('without a status opens what was never opened, and that alone', async () => {
    bench.node('i-0b1');
    bench.node('i-0b2');
    const queue = { trusted: false, cause: 'stale', says: 'old' } as const;
    const fresh = { ...offering('i-0b2'), machine: lacking(aMachine({ instanceId: 'i-0b2' }), 'offered') };
    await bench.host().offer(wanted({ offers: [offering('i-0b1'), fresh], queue }));
    expect(gates()).toEqual(['open i-0b2']);
  });

  it('is not proven by a machine that says that it stands otherwise', async () => {
    bench.node('i-0b1');
    bench.stub('gate', 'echo v1 gate open');
    const closing = await bench.host().offer(wanted({ withdrawn: [draining('i-0b1')] }));
    expect([...(closing.unproven ?? [])]).toEqual(['i-0b1']);
    bench.stub('gate', 'echo v1 gate closed');
    const queue = trusted('06-cordoned-while-building');
    const opening = await bench.host().offer(wanted({ offers: [offering('i-0b1')], queue }));
    expect([...(opening.unproven ?? [])]).toEqual(['i-0b1']);
  });

  it('that SSM does not carry at all throws, with its reason', async () => {
    bench.node('i-0b1');
    bench.ssm.failNext('SendCommand', { code: 'ThrottlingException' });
    await expect(bench.host().offer(wanted({ withdrawn: [draining('i-0b1')] }))).rejects.toThrow(
      /builders could not be opened or closed: SendCommand failed.*ThrottlingException/,
    );
  });

  it('waits while the look did not even tell what time it is there', async () => {
    await expect(bench.host().offer(wanted({ standing: undefined }))).rejects.toMatchObject({
      problem: { isWaiting: true },
    });
  });
});
