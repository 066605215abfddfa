/** Arbitrary records, in any phase with any evidence, and instances in any state. */
import * as fc from 'fast-check';
import type { Drain, Instance, Machine, Phase, Starts } from '../../../lambdas/core/model/index.ts';
import {
  KEY,
  LAUNCHES,
  NOW,
  TEMPLATES,
  TYPES,
  addressOf,
  ago,
  arbitraryPool,
  past,
  rarely,
  record,
  sighting,
  some,
} from './basics.ts';

/** Evidence in the order it is found in life, complete more often than not. */
const orderlyDrain = (skew: number): fc.Arbitrary<Drain> =>
  fc
    .tuple(fc.array(ago, { minLength: 5, maxLength: 5 }), fc.integer({ min: 1, max: 6 }), fc.boolean())
    .map(([times, parts, isProven]) => {
      const [since = 0, ...rest] = times.toSorted((a, b) => b - a);
      const seen = rest
        .slice(0, parts)
        .map((seconds) => ({ at: NOW - seconds, hostAt: NOW - seconds + skew }));
      const [withdrawn, knownWithdrawn, quiet, clear] = seen;
      return {
        since: NOW - since,
        reason: 'some reason',
        ...(withdrawn && { withdrawn }),
        ...(knownWithdrawn && { knownWithdrawn }),
        ...(quiet && { quiet }),
        ...(clear && (isProven ? { clear } : { noneFinishing: clear })),
      };
    });

const wildDrain = (skew: number): fc.Arbitrary<Drain> =>
  record<Drain>({
    since: past,
    reason: fc.constant('some reason'),
    withdrawn: some(sighting(skew)),
    knownWithdrawn: some(sighting(skew)),
    quiet: some(sighting(skew)),
    missing: some(sighting(skew)),
    noneFinishing: some(sighting(skew)),
    clear: some(sighting(skew)),
    endAsked: some(fc.constant(true as const)),
  });

const phases = fc.constantFrom<Phase>(
  'booting',
  'ready',
  'ready',
  'draining',
  'draining',
  'stopping',
  'stopped',
  'terminating',
  'failed',
);

export const arbitraryMachine = (instanceId: string, skew: number): fc.Arbitrary<Machine> =>
  record<Machine>({
    instanceId: fc.constant(instanceId),
    type: fc.constantFrom(...TYPES),
    launchId: some(fc.constantFrom(...LAUNCHES)),
    runner: some(fc.constant('rust')),
    phase: phases,
    phaseSince: past,
    reason: fc.constantFrom('not needed: enough', 'not needed, but its hour is paid', 'launched'),
    billing: fc.constantFrom('hourly', 'per-second'),
    address: some(addressOf(instanceId)),
    identity: some(fc.constant(KEY)),
    offered: some(sighting(skew)),
    seenOffered: some(sighting(skew)),
    unknownToRunner: some(fc.constant(true as const)),
    shownAtWork: some(fc.constantFrom({}, { over: NOW - 20 }, { over: NOW - 60 })),
    surplusSince: some(past),
    unreachableSince: fc.option(past, { nil: undefined, freq: 3 }),
    reached: some(sighting(skew)),
    startedAt: some(past),
    interrupted: fc.option(fc.constant(true as const), { nil: undefined, freq: 1 }),
    goingDownSince: rarely(past),
    untagged: rarely(fc.constant(true as const)),
    doubtedSince: rarely(past),
    drain: some(fc.oneof(orderlyDrain(skew), wildDrain(skew))),
    pool: some(arbitraryPool),
    missing: rarely(fc.record({ since: past, looks: fc.integer({ min: 1, max: 9 }) })),
    dollarsPerHour: some(fc.constantFrom(0.1, 0.357)),
    starts: rarely(
      record<Starts>({
        undone: fc.nat({ max: 3 }),
        refused: fc.nat({ max: 3 }),
        until: some(past),
        startedAt: some(past),
      }),
    ),
  });

export const arbitraryInstance = (instanceId: string): fc.Arbitrary<Instance> =>
  record<Instance>({
    instanceId: fc.constant(instanceId),
    state: fc.constantFrom(
      'running',
      'running',
      'running',
      'pending',
      'stopping',
      'stopped',
      'shutting-down',
      'terminated',
      'unknown',
    ),
    stateReason: some(fc.constant({ code: 'Server.InternalError', message: 'Server.InternalError' })),
    type: some(fc.constantFrom(...TYPES)),
    launchId: some(fc.constantFrom(...LAUNCHES)),
    templateId: some(fc.constantFrom(...TEMPLATES, ...TEMPLATES, 'lt-strange')),
    untagged: fc.constant(undefined),
    address: some(addressOf(instanceId)),
    startedAt: some(past),
    instanceType: some(fc.constant('c7i.2xlarge')),
    subnet: some(fc.constant('subnet-00000001')),
    zone: some(fc.constant('us-east-1a')),
    market: fc.constantFrom('on-demand', 'spot'),
    interrupted: some(fc.boolean()),
  });
