/** A short story with one tick in it that is killed, at every point in turn. */
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import { RUNNER_ADDRESS } from '../simulate/farm.ts';
import type { WrittenFarm, WrittenType } from '../simulate/written-farm.ts';
import type { FaultyStage } from '../simulate/faulty-stage.ts';

export interface Scenario {
  /** What the killed tick is about. */
  readonly name: string;
  readonly farm: WrittenFarm;
  /** Builds that arrive. */
  readonly builds: readonly Builds[];
  /** What else happens, in order. */
  readonly happenings: readonly Happening[];
  /** Which queue runner the Hydra host has; `cpp` when absent. */
  readonly runner?: RunnerKind;
  /** The first invocation that starts at or after this many seconds is killed. */
  readonly killAfterSeconds: number;
}

export interface Builds {
  /** Seconds after the start, as all times here. */
  readonly at: number;
  readonly count: number;
  /** Of each. */
  readonly seconds: number;
  readonly system?: string;
  readonly features?: readonly string[];
  readonly outputMiB?: number;
  readonly failing?: number;
}

export interface Happening {
  readonly at: number;
  readonly happen: (stage: FaultyStage) => void;
}

const PLAIN: WrittenType = {
  maxMachines: 6,
  runnablesPerMachine: 2,
  maxJobs: 2,
  billing: 'per-second',
  gracePeriod: 0,
};

/** A farm with these types, each with these changes to a plain one. */
export const farmWith = (
  types: Readonly<Record<string, WrittenType>>,
  maxTotalMachines = 10,
): WrittenFarm => ({
  tag: 'simulated',
  maxTotalMachines,
  host: { instanceId: 'i-0123456789abcdef0' },
  systemTypes: Object.fromEntries(Object.entries(types).map(([key, type]) => [key, { ...PLAIN, ...type }])),
});

/** The usual farm: one type of plain machines. */
export const plainFarm = (changes: WrittenType = {}): WrittenFarm => farmWith({ 'x86_64-linux': changes });

/** A scenario with four builds of twenty minutes in the first minutes, unless it says otherwise. */
export function scenario(
  name: string,
  killAfterSeconds: number,
  parts: Partial<Pick<Scenario, 'farm' | 'builds' | 'happenings'>> = {},
): Scenario {
  return {
    name,
    killAfterSeconds,
    farm: plainFarm(),
    builds: [{ at: 240, count: 4, seconds: 1200 }],
    happenings: [],
    ...parts,
  };
}

/** The same story where the Hydra host has the Rust queue runner. */
export const withRustRunner = ({ name, farm, ...others }: Scenario): Scenario => ({
  ...others,
  name: `${name} (Rust)`,
  farm: { ...farm, host: { ...farm.host, queueRunnerAddr: RUNNER_ADDRESS } },
  runner: 'rust',
});

/** The same story where machines are counted by a target wait: a short one, so that as many are launched. */
export const withTargetWait = ({ name, farm, ...others }: Scenario): Scenario => ({
  ...others,
  name: `${name} (target wait)`,
  farm: {
    ...farm,
    systemTypes: Object.fromEntries(
      Object.entries(farm.systemTypes).map(([key, { runnablesPerMachine, gracePeriod, ...type }]) => {
        void [runnablesPerMachine, gracePeriod];
        return [key, { ...type, targetWait: 120 }];
      }),
    ),
  },
});
