/** By what either kind of Hydra is offered machines. */
import type { Watched } from './judge/farm-view.ts';
import { FileOffers } from './judge/file-offers.ts';
import { GateOffers } from './judge/gate-offers.ts';
import type { Offers } from './judge/offers.ts';
import type { CppHydra } from './queue-runner/cpp-hydra.ts';
import type { RustHydra } from './rust-runner/rust-hydra.ts';

type Surroundings = Pick<Watched, 'timeline' | 'region' | 'machinesFile' | 'config'> & {
  readonly hydra: CppHydra | RustHydra;
};

export const offersOf = (world: Surroundings): Offers =>
  world.hydra.kind === 'rust' ? new GateOffers(world, world.hydra.machines) : new FileOffers(world);
