/** The ports of a function that runs in this process, with nothing between them and the world. */
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import type { Stage } from '../stage.ts';
import type { World } from '../world.ts';
import { MemoryJournal } from './memory-journal.ts';
import { MemoryStateStore } from './memory-state-store.ts';
import { WorldBuilders } from './world-builders.ts';
import { WorldHost } from './world-host.ts';
import { WorldHydraHost } from './world-hydra-host.ts';
import { WorldMachineFleet } from './world-machine-fleet.ts';
import { WorldRustHost } from './world-rust-host.ts';
import { WorldWatch } from './world-watch.ts';

export const plainPorts = (stage: Stage) => {
  const { world, file, clock } = stage;
  const store = new MemoryStateStore();
  world.inForce.found = () => store.heard('').runnerKind;
  return {
    dialects,
    clock,
    host: new WorldHost(world, {
      cpp: new WorldHydraHost(world, file, clock),
      rust: new WorldRustHost(world, clock),
    }),
    watch: new WorldWatch(world),
    builders: buildersOf(world),
    fleet: new WorldMachineFleet(world.region, world.config.tag),
    store,
    journal: new MemoryJournal(),
  };
};

const buildersOf = (world: World): WorldBuilders =>
  new WorldBuilders(world.region, ({ instanceId, address }) =>
    world.deaf.has(instanceId) ? undefined : world.ledger.at(address).length,
  );
