/** What becomes of builds: each is done once, and none is retried or lost because of us. */
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Build } from '../hydra/builds.ts';
import type { LostStep } from '../hydra/observer.ts';
import type { Endings } from './endings.ts';
import { canBuild } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import type { Violate } from './violations.ts';

const DAY_SECONDS = 86_400;
export class Builds {
  /** Steps that had to be tried again because of something we did. */
  retriedByUs = 0;
  /** Steps that a machine took with it when it went. */
  lost = 0;
  /** The queue runner refuses all machines files, ours included, for a line that somebody else wrote. */
  areFilesRefused = false;
  readonly #world: Watched;
  readonly #violate: Violate;
  readonly #endings: Endings;
  readonly #finished = new Set<number>();

  constructor(world: Watched, endings: Endings, violate: Violate) {
    this.#world = world;
    this.#endings = endings;
    this.#violate = violate;
  }

  stepLost({ build, machine, address, phase, cause }: LostStep): void {
    if (cause !== 'connection') return;
    this.lost += 1;
    if (this.#world.offers.isForeign) return;
    const why = this.#endings.endedByUs({ machine, address })
      ? 'we ended its machine'
      : this.#world.offers.hopeAt(address);
    if (why === undefined) return;
    this.retriedByUs += 1;
    this.#violate(2, `build ${build.id} at ${address} was lost while ${phase}: ${why}`);
  }

  finished(build: Build): void {
    if (this.#finished.has(build.id)) this.#violate(2, `build ${build.id} ended twice`);
    this.#finished.add(build.id);
    const isOurFile = !this.#world.offers.isForeign && !this.areFilesRefused;
    if (build.status === 'unsupported' && isOurFile && this.#wasAlwaysConfigured(build))
      this.#violate(6, `build ${build.id} (${build.kind.key}) failed for want of a line that supports it`);
    if (build.status === 'failed' && !build.fail)
      this.#violate(2, `build ${build.id} failed through no fault of its own`);
  }

  #wasAlwaysConfigured({ kind }: Build): boolean {
    const { timeline } = this.#world;
    const covers = (type: MachineType): boolean => canBuild(type, kind);
    return this.#world
      .configsSince(timeline.now - DAY_SECONDS)
      .every(({ machineTypes }) => machineTypes.some(covers));
  }
}
