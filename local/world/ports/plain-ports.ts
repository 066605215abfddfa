/** The ports of a function that runs in this process, with nothing between them and the world. */
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import type { HydraHost } from '../../../lambdas/ports.ts';
import type { Stage } from '../stage.ts';
import type { World } from '../world.ts';
import { MemoryJournal } from './memory-journal.ts';
import { MemoryStateStore } from './memory-state-store.ts';
import { WorldBuilders } from './world-builders.ts';
import { WorldHydraHost } from './world-hydra-host.ts';
import { WorldMachineFleet } from './world-machine-fleet.ts';
import { WorldRustHost } from './world-rust-host.ts';

export const plainPorts = (stage: Stage) => ({
  dialects,
  clock: stage.clock,
  host: hostOf(stage),
  builders: buildersOf(stage.world),
  fleet: new WorldMachineFleet(stage.world.region, stage.world.config.tag),
  store: new MemoryStateStore(),
  journal: new MemoryJournal(),
});

/** By the kind of queue runner the world has. */
const hostOf = ({ world, file, clock }: Stage): HydraHost =>
  world.hydra.kind === 'rust' ? new WorldRustHost(world, clock) : new WorldHydraHost(world, file, clock);

const buildersOf = (world: World): WorldBuilders =>
  new WorldBuilders(world.region, ({ instanceId, address }) =>
    world.deaf.has(instanceId) ? undefined : world.ledger.at(address).length,
  );
