/** By what either kind of Hydra is offered machines. */
import type { Watched } from './judge/farm-view.ts';
import { FileOffers } from './judge/file-offers.ts';
import { GateOffers } from './judge/gate-offers.ts';
import type { Offers } from './judge/offers.ts';
import type { CppHydra } from './queue-runner/cpp-hydra.ts';
import type { RustHydra } from './rust-runner/rust-hydra.ts';

export const offersOf = (
  world: Pick<Watched, 'timeline' | 'region' | 'machinesFile' | 'config'>,
  hydra: CppHydra | RustHydra,
): Offers => (hydra.kind === 'rust' ? new GateOffers(world, hydra) : new FileOffers(world));
