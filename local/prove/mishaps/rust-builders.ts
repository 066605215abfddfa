/** What befalls machines with a builder of the Rust queue runner, in storms and in stories. */
import type { RegionInstance } from '../../world/region/instance.ts';
import type { World } from '../../world/world.ts';

/** Undoes it. */
type Undo = () => void;

/** Whether an instance that was `seen` once runs, and has not been started anew since. */
export function isStillUp({ region }: World, seen: Pick<RegionInstance, 'instanceId' | 'bootedAt'>): boolean {
  const now = region.instances.find(seen.instanceId);
  return now?.state === 'running' && now.bootedAt === seen.bootedAt;
}

/** Nothing gets through to it, or from it: neither the queue runner nor SSM reaches it. */
export function cutOff(world: World, { instanceId, bootedAt }: RegionInstance): Undo {
  world.deaf.add(instanceId);
  world.rust.machines.vanish(instanceId);
  return () => {
    world.deaf.delete(instanceId);
    if (world.hydra.kind === 'rust' && isStillUp(world, { instanceId, bootedAt }))
      world.hydra.machines.heal(instanceId);
  };
}
