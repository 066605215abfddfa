/** What befalls machines with a builder of the Rust queue runner, in storms and in stories. */
import type { RegionInstance } from '../../world/region/instance.ts';
import type { World } from '../../world/world.ts';

/** Undoes it. */
type Undo = () => void;
type Seen = Pick<RegionInstance, 'instanceId' | 'bootedAt'>;

/** Whether an instance that was `seen` once runs, and has not been started anew since. */
export function isStillUp({ region }: World, seen: Seen): boolean {
  const now = region.instances.find(seen.instanceId);
  return now?.state === 'running' && now.bootedAt === seen.bootedAt;
}

/** Nothing gets through to it, or from it: neither the queue runner nor SSM reaches it. */
export function cutOff(world: World, { instanceId, bootedAt }: Seen): Undo {
  world.deaf.add(instanceId);
  world.rust.machines.vanish(instanceId);
  return () => {
    reachAgain(world, { instanceId, bootedAt });
  };
}

/** The end of {@link cutOff}. One that was started anew meanwhile has dialled in long since. */
export function reachAgain(world: World, seen: Seen): void {
  world.deaf.delete(seen.instanceId);
  if (world.hydra.kind === 'rust' && isStillUp(world, seen)) world.hydra.machines.heal(seen.instanceId);
}

/** Its builder dials in again once it is up, closed. @throws RegionError where EC2 refuses it. */
export function reboot(world: World, { instanceId }: Seen): void {
  const { machines } = world.rust;
  world.region.power.reboot([instanceId]);
  machines.leave(instanceId);
  machines.close(instanceId);
  world.judge.lookAtOffers(false);
}
