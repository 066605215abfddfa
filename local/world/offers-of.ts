/** By what either kind of Hydra is offered machines. */
import { FileOffers } from './judge/file-offers.ts';
import { GateOffers } from './judge/gate-offers.ts';
import type { Offers } from './judge/offers.ts';
import type { World } from './world.ts';

export const offersOf = (world: World): Offers =>
  world.hydra.kind === 'rust' ? new GateOffers(world, world.hydra.machines) : new FileOffers(world);
