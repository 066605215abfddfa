/**
 * What every MachineFleet has to do, whatever it runs on. Each caller brings a fleet over a simulated region (over
 * HTTP, or from within); the contract makes the region, so that all of them meet the same world and the same mishaps.
 */
import { afterEach, beforeEach, describe } from 'vitest';
import { FleetBench } from './fleet-bench.ts';
import type { MakeFleet } from './fleet-bench.ts';
import { choiceContract } from './machine-fleet-choices.contract.ts';
import { launchContract } from './machine-fleet-launches.contract.ts';
import { looksContract } from './machine-fleet-looks.contract.ts';
import { machinesContract } from './machine-fleet-machines.contract.ts';
import { prerequisitesContract } from './machine-fleet-prerequisites.contract.ts';

export function machineFleetContract(name: string, makeFleet: MakeFleet): void {
  describe(`the machine fleet contract: ${name}`, () => {
    const bench = new FleetBench(makeFleet);
    beforeEach(() => bench.begin());
    afterEach(() => bench.close());
    launchContract(bench);
    choiceContract(bench);
    looksContract(bench);
    machinesContract(bench);
    prerequisitesContract(bench);
  });
}
