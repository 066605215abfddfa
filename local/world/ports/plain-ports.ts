/** The ports of a function that runs in this process, with nothing between them and the world. */
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import type { Stage } from '../stage.ts';
import { MemoryJournal } from './memory-journal.ts';
import { MemoryStateStore } from './memory-state-store.ts';
import { WorldBuilders } from './world-builders.ts';
import { WorldHydraHost } from './world-hydra-host.ts';
import { WorldMachineFleet } from './world-machine-fleet.ts';

export const plainPorts = ({ world, file, clock }: Stage) => ({
  dialects,
  clock,
  host: new WorldHydraHost(world, file, clock),
  builders: new WorldBuilders(world.region, ({ instanceId, address }) =>
    world.deaf.has(instanceId) ? undefined : world.ledger.at(address).length,
  ),
  fleet: new WorldMachineFleet(world.region, world.config.tag),
  store: new MemoryStateStore(),
  journal: new MemoryJournal(),
});
