/** Arbitrary configurations with up to four machine types. */
import * as fc from 'fast-check';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import { machineTypeSchema, normaliseType } from '../../../lambdas/core/config/machine-type.ts';
import { KEYS } from './basics.ts';

const arbitraryType = (key: string): fc.Arbitrary<MachineType> =>
  fc
    .record({
      minMachines: fc.integer({ min: 0, max: 3 }),
      maxMachines: fc.integer({ min: 0, max: 4 }),
      ignoredRunnables: fc.integer({ min: -5, max: 20 }),
      runnablesPerMachine: fc.constantFrom(0.5, 1, 3, 10),
      maxJobs: fc.integer({ min: 1, max: 4 }),
      dollarsPerHour: fc.constantFrom(undefined, 0.25, 0.4),
      gracePeriod: fc.constantFrom(0, 60, 900),
      billing: fc.constantFrom('hourly', 'per-second'),
      market: fc.constantFrom('on-demand', 'spot', 'spot-then-on-demand'),
      stopOnIdle: fc.boolean(),
      supportedFeatures: fc.constantFrom([], ['kvm'], ['kvm', 'nixos-test']),
      subnets: fc.constantFrom([], ['subnet-00000001', 'subnet-00000002']),
      placement: fc.constantFrom('pack', 'spread'),
      targetWait: fc.constantFrom(undefined, 60, 600, 3000),
      warm: fc.constantFrom(
        [],
        [{ cron: '* * * * *', machines: 2 }],
        [{ cron: '* 8-17 * * *', machines: 3 }],
      ),
    })
    .map((written) => {
      const { ignoredRunnables, runnablesPerMachine, gracePeriod, targetWait, ...rest } = written;
      const policy =
        targetWait === undefined ? { ignoredRunnables, runnablesPerMachine, gracePeriod } : { targetWait };
      return normaliseType('farm', key, machineTypeSchema.parse({ ...rest, ...policy }));
    });

export const arbitraryConfig: fc.Arbitrary<Config> = fc
  .record({
    maxTotalMachines: fc.integer({ min: 0, max: 8 }),
    maxDollarsPerHour: fc.constantFrom(undefined, undefined, 0.3, 1.2),
    isReachable: fc.boolean(),
    schedulePeriodSeconds: fc.constantFrom(60, 300, 900, 3600),
    machineTypes: fc.subarray([...KEYS]).chain((keys) => fc.tuple(...keys.map(arbitraryType))),
  })
  .map(({ isReachable, maxDollarsPerHour, ...knobs }) => ({
    tag: 'farm',
    observeOnly: false,
    watch: true,
    launchAhead: true,
    host: {
      runner: 'auto',
      instanceId: 'i-00000000',
      statusCommand: ['status'],
      environment: {},
      machinesFile: '/m',
      restUrl: 'http://[::1]:8080',
      ...(isReachable && { queueRunnerAddr: 'https://hydra.example.org' }),
    },
    ...(maxDollarsPerHour !== undefined && { maxDollarsPerHour }),
    ...knobs,
  }));
