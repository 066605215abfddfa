/** The fleet the simulation uses, over the same simulated region, without a wire. */
import { WorldBuilders } from '../../local/world/ports/world-builders.ts';
import { WorldMachineFleet } from '../../local/world/ports/world-machine-fleet.ts';
import { machineFleetContract } from './machine-fleet.contract.ts';

machineFleetContract('the simulated region in process', (region, farm) =>
  Promise.resolve({
    fleet: new WorldMachineFleet(region, farm),
    builders: new WorldBuilders(region, () => undefined),
    close: () => Promise.resolve(),
  }),
);
