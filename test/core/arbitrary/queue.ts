/** Arbitrary queue statuses, trusted or not. */
import * as fc from 'fast-check';
import type {
  QueueMachine,
  QueueStatus,
  StepDemand,
  UntrustedStatus,
} from '../../../lambdas/core/model/index.ts';
import { ADDRESSES, IDS, NOW, ago, record, some } from './basics.ts';

const arbitraryStep: fc.Arbitrary<StepDemand> = fc
  .record({
    system: fc.constantFrom('x86_64-linux', 'aarch64-linux', 'i686-linux', 'builtin', 'riscv64-linux'),
    features: fc.subarray(['big-parallel', 'kvm', 'nixos-test']),
    runnable: fc.nat({ max: 40 }),
    running: fc.nat({ max: 4 }),
  })
  .map((step) => ({ key: [step.system, ...step.features].join(':'), ...step }));

const arbitraryQueueMachine = (hostNow: number): fc.Arbitrary<QueueMachine> =>
  record<QueueMachine>({
    key: fc.constantFrom(...ADDRESSES, ...IDS),
    offered: fc.boolean(),
    currentJobs: fc.constantFrom(0, 0, 1, 3),
    idleSince: some(ago.map((seconds) => hostNow - seconds)),
    disabledUntil: some(fc.constantFrom(hostNow - 10, hostNow + 60)),
    lastFailure: some(ago.map((seconds) => hostNow - seconds)),
    consecutiveFailures: fc.nat({ max: 4 }),
    done: some(fc.record({ steps: fc.integer({ min: 1, max: 90 }), seconds: fc.nat({ max: 90_000 }) })),
    heardAt: some(fc.constantFrom(0, 90, 300).map((seconds) => hostNow - seconds)),
    busySteps: some(fc.constantFrom(0, 0, 2)),
    isFull: some(fc.constant(true as const)),
    isUseless: some(fc.constant(true as const)),
    isFailing: some(fc.constant(true as const)),
  });

const causes: readonly UntrustedStatus['cause'][] = [
  'unreachable',
  'failed',
  'unreadable',
  'down',
  'stale',
  'restarted',
  'unsupported',
];

export function arbitraryQueue(skew: number): fc.Arbitrary<QueueStatus> {
  const at = fc.constantFrom(0, 3, 100).map((seconds) => NOW + skew - seconds);
  const demand = fc.array(arbitraryStep, { maxLength: 4 });
  const trusted = at.chain((dumpedAt) =>
    fc
      .record({
        uptime: fc.oneof(ago, fc.constant(1_000_000)).map((seconds) => seconds + 60),
        demand,
        machines: fc.array(arbitraryQueueMachine(dumpedAt), { maxLength: 4 }),
        copying: fc.constantFrom({ stepsFinishing: 0 }, { stepsFinishing: 2 }, {}),
        stepsUnsupported: fc.constantFrom(0, 1),
        buildsQueued: fc.nat({ max: 900 }),
      })
      .map(({ uptime, machines, copying, ...rest }): QueueStatus => ({
        trusted: true,
        at: dumpedAt,
        runnerStartedAt: dumpedAt - uptime,
        machines: new Map(machines.map((machine) => [machine.key, machine])),
        ...copying,
        ...rest,
      })),
  );
  const untrusted = record<UntrustedStatus>({
    trusted: fc.constant(false as const),
    cause: fc.constantFrom(...causes),
    says: fc.constant('some reason'),
    remedy: some(fc.constant('some remedy')),
    demand: some(demand),
    buildsQueued: some(fc.nat({ max: 900 })),
    hostSystem: some(fc.constant('x86_64-linux')),
  });
  return fc.oneof({ weight: 3, arbitrary: trusted }, { weight: 1, arbitrary: untrusted });
}
