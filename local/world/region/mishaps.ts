/** What befalls instances that were launched or started well: AWS, or somebody with the right to, ends or takes them. */
import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { InstanceState, RegionInstance, StateReason } from './instance.ts';
import type { Instances } from './instances.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Observers } from './observers.ts';
import { covers, placeOf } from './selector.ts';
import type { Selector } from './selector.ts';
import type { Spot } from './spot.ts';

interface Narrowed {
  readonly of?: Selector;
  /** Part of the instances it strikes, 0 to 1; all when absent. */
  readonly share?: number;
}

export type Mishap = Narrowed &
  (
    | {
        /** It ends while it is pending after its launch, or so many seconds after it began to run. */
        readonly kind: 'ends';
        readonly when: 'pending' | number;
        readonly reason: StateReason;
      }
    | {
        /** AWS takes a spot instance: so many seconds after it began to run the warning comes, if there is one. */
        readonly kind: 'spot-taken';
        readonly when: number;
        readonly warningSeconds: number;
      }
    /** A start was accepted, and the instance goes back to stopped. */
    | { readonly kind: 'start-undone'; readonly reason: StateReason }
  );

export interface MishapParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly instances: Instances;
  readonly lifecycle: Lifecycle;
  readonly spot: Spot;
  readonly observers: Observers;
}

/** What goes wrong while an instance is pending does so within seconds (seen with KMS keys and disks). */
const PENDING_SECONDS = 5;

/** Words for a code as AWS gives it: the message repeats the code. */
export const stateReason = (code: string): StateReason => ({ code, message: `${code}: ${wordsFor(code)}` });

const wordsFor = (code: string): string => WORDS[code] ?? 'The instance could not be kept running';

/** AWS's words for them (AWS: docs/develop/facts.md#ec2-why-an-instance-ended). */
const WORDS: Readonly<Record<string, string>> = {
  'Client.InvalidKMSKey.InvalidState': 'The KMS key provided is in an incorrect state',
  'Client.VolumeLimitExceeded': 'Volume limit exceeded',
  'Client.InternalError': 'Client error on launch',
  'Server.InternalError': 'Internal error on launch',
  'Server.InsufficientInstanceCapacity': 'Insufficient capacity to launch instances',
  'Client.UserInitiatedShutdown': 'User initiated shutdown',
};

export class Mishaps {
  readonly #parts: MishapParts;
  readonly #active = new Set<Mishap>();

  constructor(parts: MishapParts) {
    this.#parts = parts;
    parts.observers.add({
      state: (instance, state) => {
        for (const mishap of this.#active) this.#entered(mishap, instance, state);
      },
    });
  }

  /** From now on, also for instances that run already. Returns how to end it: what has not happened by then does not. */
  add(mishap: Mishap): () => void {
    const own = { ...mishap };
    this.#active.add(own);
    for (const instance of this.#parts.instances.all)
      if (instance.state === 'running') this.#entered(own, instance, 'running');
    return () => this.#active.delete(own);
  }

  #entered(mishap: Mishap, instance: RegionInstance, state: InstanceState): void {
    const seconds = this.#secondsUntil(mishap, instance, state);
    if (seconds === undefined || seconds < 0) return;
    const { stateSince } = instance;
    this.#parts.timeline.after(seconds, () => {
      const isSame = instance.state === state && instance.stateSince === stateSince;
      if (isSame && this.#active.has(mishap)) this.#strike(mishap, instance);
    });
  }

  /** How long after now it would strike an instance that is in this state. */
  #secondsUntil(mishap: Mishap, instance: RegionInstance, state: InstanceState): number | undefined {
    const isFirst = instance.firstLaunchedAt === instance.startedAt;
    const isStart = state === 'pending' && !isFirst;
    if (mishap.kind === 'start-undone') return isStart ? PENDING_SECONDS : undefined;
    if (mishap.when === 'pending') return state === 'pending' && isFirst ? PENDING_SECONDS : undefined;
    if (state !== 'running') return undefined;
    return instance.stateSince + mishap.when - this.#parts.timeline.now;
  }

  #strike(mishap: Mishap, { instanceId }: RegionInstance): void {
    const { instances, random, lifecycle, spot } = this.#parts;
    const instance = instances.forChange(instanceId);
    if (instance === undefined || !covers(mishap.of ?? {}, placeOf(instance))) return;
    if (mishap.kind === 'spot-taken' && (instance.market !== 'spot' || instance.interrupted)) return;
    if (!random.chance(mishap.share ?? 1)) return;
    if (mishap.kind === 'ends') lifecycle.terminate(instance, mishap.reason);
    else if (mishap.kind === 'start-undone') lifecycle.undoStart(instance, mishap.reason);
    else spot.interrupt(instanceId, mishap.warningSeconds);
  }
}
