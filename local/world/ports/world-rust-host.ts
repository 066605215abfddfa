/** The host of the simulated Rust queue runner, in process: the real adapter over the world, without SSM and shell. */
import type { Exam } from '../../../lambdas/core/doctor/finding.ts';
import type { VerifiedOffer } from '../../../lambdas/core/life/dialect.ts';
import type { AskBuilders } from '../../../lambdas/hydra/rust/ask-builders.ts';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import type { Gates } from '../../../lambdas/hydra/rust/gates.ts';
import { examineRustHost } from '../../../lambdas/hydra/rust/doctor/host.ts';
import { RustHost } from '../../../lambdas/hydra/rust/rust-host.ts';
import { unpackPayload } from '../../../lambdas/hydra/payload.ts';
import { untrusted } from '../../../lambdas/hydra/trust.ts';
import { OfferError } from '../../../lambdas/ports.ts';
import type { Clock, HostQuestions, HostView, HydraHost, Wanted } from '../../../lambdas/ports.ts';
import type { World } from '../world.ts';
import { lookAt, printedLook } from './rust-look.ts';
import { rustSurroundings } from './rust-surroundings.ts';
import { noticeAt } from './notice-look.ts';
import { ROUND_TRIP_SECONDS, sendRefusal } from './ssm-refusal.ts';
import { WorldGates } from './world-gates.ts';

export interface WorldRustHostOptions {
  /** The Hydra host's own clock, if it is wrong. */
  readonly hostClock: () => number;
  /** What becomes of a look on its way. */
  readonly heard: (look: RustAnswer) => RustAnswer;
  readonly gates: Gates;
  readonly askBuilders: AskBuilders;
}

export class WorldRustHost implements HydraHost {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #options: Pick<WorldRustHostOptions, 'hostClock' | 'heard'>;
  readonly #host: RustHost;

  constructor(world: World, clock: Clock, options: Partial<WorldRustHostOptions> = {}) {
    const machines = new WorldGates(world, clock);
    const {
      hostClock = () => world.timeline.now,
      heard = (look) => look,
      gates = (ids, gate) => machines.move(ids, gate),
      askBuilders = (ids) => machines.ask(ids),
    } = options;
    this.#world = world;
    this.#clock = clock;
    this.#options = { hostClock, heard };
    this.#host = new RustHost({
      // Nothing here is so long that it comes in parts.
      ssm: { whole: (payload) => Promise.resolve(unpackPayload(payload)) },
      clock,
      get config() {
        return world.config;
      },
      gates,
      askBuilders,
    });
  }

  async look({ candidates }: HostQuestions): Promise<HostView> {
    const { region, config, rust } = this.#world;
    const refusal = await sendRefusal(region, { document: 'observe', instanceIds: [config.host.instanceId] });
    if (refusal !== undefined) return { queue: untrusted('unreachable', refusal), readiness: [] };
    await this.#clock.sleep(ROUND_TRIP_SECONDS);
    const { hostClock, heard } = this.#options;
    const host = { rest: config.host.restUrl, hostNow: hostClock(), hostSystem: 'x86_64-linux' };
    const notice = noticeAt(this.#world, host.hostNow);
    const look = { ...lookAt(rust.runner, host), ...(notice !== undefined && { notice }) };
    return this.#host.view(printedLook(heard(look)), candidates);
  }

  async offer(wanted: Wanted): Promise<VerifiedOffer> {
    if (wanted.runner === 'rust') return this.#host.offer(wanted);
    const { host } = this.#world.config;
    throw new OfferError({ says: `the directory of ${host.machinesFile} is not there` });
  }

  async inspect(): Promise<Exam> {
    const { region, config } = this.#world;
    const refusal = await sendRefusal(region, { document: 'inspect', instanceIds: [config.host.instanceId] });
    if (refusal !== undefined)
      return (examined) => examineRustHost(examined, { ok: false, problem: refusal });
    await this.#clock.sleep(ROUND_TRIP_SECONDS);
    const inspection = { ok: true, value: rustSurroundings(this.#world.rust, config) } as const;
    return (examined) => examineRustHost(examined, inspection);
  }
}
