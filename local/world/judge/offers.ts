/** What the queue runner may give work to, in truth, and what its own answers tell of that: for either kind of it. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { RegionInstance } from '../region/instance.ts';

/** Tells it of one instance. */
export type OfInstance = (instance: RegionInstance) => boolean;

export interface Offers {
  /** Another text whenever something else is offered. */
  readonly state: string;
  /** Whether anything is offered at all. */
  readonly isNone: boolean;
  /** Which instances are offered now. */
  now(): OfInstance;
  /** To be told whenever {@link state} is another. @param byUs whether it is as we made it. */
  changed(byUs: boolean): void;
  /** Whether the queue runner may still act by what somebody else has changed. */
  readonly isForeign: boolean;
  /** Why the queue runner cannot take what is offered, or what that lacks; empty when it is right. */
  problems(config: Config): readonly string[];
  /** Which instances this status, as it is printed, shows as free to be given work, or at work. */
  busyIn(status: string): OfInstance;
  /** Whether the machine at an address was offered before there was reason to; in words, or undefined where not. */
  hopeAt(address: string): string | undefined;
  /** Whether the queue runner can use what runs on an instance, as far as that goes beyond EC2 and SSH. */
  isWell(instance: RegionInstance): boolean;
  /** Whether an instance has been out of anybody's reach for so long that the queue runner can have nothing on it. */
  isGone(instance: RegionInstance): boolean;
}
