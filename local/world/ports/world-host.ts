/** The Hydra host of the simulated world, in process, whichever queue runner it has at the moment. */
import type { Exam } from '../../../lambdas/core/doctor/finding.ts';
import type { VerifiedOffer } from '../../../lambdas/core/life/dialect.ts';
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import { leavesMachinesFile, nothingOf } from '../../../lambdas/hydra/former.ts';
import { OfferError } from '../../../lambdas/ports.ts';
import type { HostQuestions, HostView, HydraHost, Wanted } from '../../../lambdas/ports.ts';
import type { World } from '../world.ts';

export class WorldHost implements HydraHost {
  readonly #world: Pick<World, 'hydra'>;
  readonly #hosts: Readonly<Record<RunnerKind, HydraHost>>;

  constructor(world: Pick<World, 'hydra'>, hosts: Readonly<Record<RunnerKind, HydraHost>>) {
    this.#world = world;
    this.#hosts = hosts;
  }

  look(questions: HostQuestions): Promise<HostView> {
    return this.#hosts[this.#world.hydra.kind].look(questions);
  }

  /** What was meant for the queue runner there was until a moment ago proves nothing. */
  async offer(wanted: Wanted): Promise<VerifiedOffer> {
    const { kind } = this.#world.hydra;
    if (wanted.runner !== kind)
      throw new OfferError({ says: 'the queue runner was replaced since the last look' });
    if (leavesMachinesFile(wanted)) await this.#hosts.cpp.offer(nothingOf(wanted)).catch(() => undefined);
    return this.#hosts[kind].offer(wanted);
  }

  inspect(): Promise<Exam> {
    return this.#hosts[this.#world.hydra.kind].inspect();
  }
}
