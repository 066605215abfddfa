/** A Hydra host with the Rust queue runner, reached by SSM Run Command, and the builders that dial in to it. */
import type { Config } from '../../core/config/config.ts';
import type { VerifiedOffer } from '../../core/life/dialect.ts';
import { servedBy } from '../../core/life/runner.ts';
import type { Machine, QueueMachine, Sighting } from '../../core/model/index.ts';
import { inContext } from '../../core/reason/problem.ts';
import type { Clock } from '../../ports.ts';
import { OfferError } from '../dialect.ts';
import type { Candidate, HostView, Wanted } from '../dialect.ts';
import type { SsmHost } from '../ssm-host.ts';
import { untrusted } from '../trust.ts';
import type { AskBuilders } from './ask-builders.ts';
import type { Gates } from './gates.ts';
import { rustLife } from './life/life.ts';
import { decodeRustAnswer, decodeRustFrame } from './host-answer.ts';
import { readQueueStatus } from './queue-status.ts';
import { overdue, readinessOf } from './readiness.ts';

/** Nothing is written down anywhere: each builder knows for itself, and the status shows it. */
const NO_DIGEST = 'builders';
/** What has been closed in vain for this long, in seconds, and is not shown, cannot be asked any more and is gone. */
const GONE_SECONDS = 180;

export interface RustHostOptions {
  readonly ssm: Pick<SsmHost, 'whole'>;
  readonly clock: Clock;
  readonly config: Pick<Config, 'host'>;
  readonly gates: Gates;
  readonly askBuilders: AskBuilders;
}

export class RustHost {
  readonly #options: RustHostOptions;

  constructor(options: RustHostOptions) {
    this.#options = options;
  }

  /** What the document `observe` found there. */
  async view(stdout: string, candidates: readonly Candidate[]): Promise<HostView> {
    const { ssm, clock, config, askBuilders } = this.#options;
    const frame = decodeRustFrame(stdout);
    if (!frame.ok) return { queue: untrusted('unreadable', frame.problem), readiness: [] };
    const seen = { at: clock.now(), hostAt: frame.value.hostNow };
    const offer = { digest: NO_DIGEST, seen };
    const payload = await ssm.whole(frame.value.payload);
    const answer = payload.ok ? decodeRustAnswer(frame.value, payload.value) : payload;
    if (!answer.ok) return { queue: untrusted('unreadable', answer.problem), offer, readiness: [] };
    const { status, content } = readQueueStatus(answer.value);
    if (content === undefined) return { queue: status, offer, readiness: [] };
    const { notice } = answer.value;
    const told = { runner: 'rust', ...(notice !== undefined && { notice }) } as const;
    if (config.host.runner === 'cpp')
      return { queue: untrusted('unsupported', PINNED), offer, readiness: [] };
    if (!status.trusted) return { queue: status, ...told, offer, readiness: [] };
    const asked = await askBuilders(overdue(candidates, content, clock.now()));
    const readiness = candidates.map((candidate) => readinessOf(candidate, content, asked));
    return { queue: status, ...told, offer, readiness };
  }

  /**
   * Opens the machines that are offered and closes those that drain, where the status shows them otherwise or nothing was
   * verified yet. The status of a later look is what proves it to the plan.
   * @throws OfferError when SSM could be asked for none of them, or the host’s clock is not known.
   */
  async offer({ offers, withdrawn, standing, queue }: Wanted): Promise<VerifiedOffer> {
    const { clock, gates } = this.#options;
    if (standing === undefined)
      throw new OfferError({ says: 'this waits until a look at the Hydra host succeeds', isWaiting: true });
    const shown = (machine: Machine): QueueMachine | undefined =>
      queue.trusted ? rustLife.seenIn(queue, machine) : undefined;
    const toOpen = offers
      .map(({ machine }) => machine)
      .filter((one) => isToOpen(one, shown(one), queue.trusted));
    const ours = withdrawn.filter((machine) => servedBy(machine) === 'rust');
    const toClose = ours.filter(
      (machine) =>
        shown(machine)?.offered === true || (machine.phase === 'draining' && !isWithdrawn(machine)),
    );
    const [opened, closed] = [
      await gates(toOpen.map(idOf), 'open'),
      await gates(toClose.map(idOf), 'closed'),
    ];
    const now = clock.now();
    const isGone = (machine: Machine): boolean =>
      queue.trusted && shown(machine) === undefined && now - (machine.drain?.since ?? now) >= GONE_SECONDS;
    const unproven = [
      ...toOpen.filter(({ instanceId }) => !opened.moved.has(instanceId)),
      ...toClose.filter((machine) => !closed.moved.has(machine.instanceId) && !isGone(machine)),
      // What never served this queue runner is withdrawn from it once it says that it does not have it.
      ...withdrawn.filter((machine) => servedBy(machine) !== 'rust' && !queue.trusted),
    ];
    const problems = [...opened.problems, ...closed.problems];
    const [problem] = problems;
    if (problem !== undefined && opened.moved.size + closed.moved.size === 0 && unproven.length > 0)
      throw new OfferError(inContext('builders could not be opened or closed', problem));
    const seen: Sighting = { at: now, hostAt: standing.seen.hostAt + (now - standing.seen.at) };
    return { digest: NO_DIGEST, seen, unproven: new Set(unproven.map(idOf)) };
  }
}

const PINNED = {
  says: 'this is the Rust queue runner, and host.runner says that the C++ one runs there',
  remedy: 'leave host.runner out, or set it to "rust", and deploy',
};

const isWithdrawn = ({ drain }: Machine): boolean => drain?.withdrawn !== undefined;

const idOf = ({ instanceId }: Machine): string => instanceId;

/** A machine that the status does not show cannot be given work anyway; one that is silent answers nobody. */
const isToOpen = (machine: Machine, shown: QueueMachine | undefined, isTrusted: boolean): boolean =>
  isTrusted ? shown !== undefined && !shown.offered : machine.offered === undefined;
