/** A thread that kills the function everywhere in one scenario after another, as it is told. */
import { serveTasks } from '../threads.ts';
import { crashEverywhere } from './crash-run.ts';
import type { CrashResult } from './crash-run.ts';
import { SCENARIOS } from './scenarios.ts';

/** A scenario by its name, since what it does cannot be sent to a thread. */
export interface CrashTask {
  readonly scenario: string;
  readonly step: number;
}

serveTasks(async ({ scenario: name, step }: CrashTask): Promise<CrashResult> => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new RangeError(`there is no scenario ${name}`);
  return crashEverywhere(scenario, step);
});
