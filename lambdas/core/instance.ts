/** One of our instances as EC2 shows it. */
import type { EpochSeconds, Market } from './model.ts';

/** Why an instance is in its state, as EC2 puts it. */
export interface StateReason {
  /** Such as `Client.InvalidKMSKey.InvalidState`. */
  readonly code: string;
  readonly message: string;
}

/** A launch template of a machine type. Templates are known by name, and instances bear an id. */
export interface KnownTemplate {
  readonly name: string;
  readonly id: string;
}

/** What EC2 says of one of our instances now. */
export interface Instance {
  readonly instanceId: string;
  /** `unknown` is a state this version has no name for: the instance counts as alive, and nothing is done to it. */
  readonly state: 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated' | 'unknown';
  /** Absent where EC2 gives none; it speaks of the last change of state. */
  readonly stateReason?: StateReason;
  /** The machine type it is tagged with; absent on instances made by hand without our type tag. */
  readonly type?: string;
  /** The launch it is tagged with; absent on instances made by hand. */
  readonly launchId?: string;
  /**
   * The id of the launch template that a fleet launched it from, by EC2's own marks: nobody else can write those.
   * Absent on everything that came about in another way, whatever tags people gave it.
   */
  readonly templateId?: string;
  /** It was found by its id and does not bear the tag of our farm (any more). */
  readonly untagged?: true;
  /** The address the Hydra host reaches it at. Absent while there is none. */
  readonly address?: string;
  /** The last start: the anchor of the paid hour, not the machine's age. */
  readonly startedAt?: EpochSeconds;
  readonly instanceType?: string;
  readonly subnet?: string;
  readonly market: Market;
  /** AWS has announced that it takes this instance away. Absent where AWS could not be asked. */
  readonly interrupted?: boolean;
}
