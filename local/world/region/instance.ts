/** One instance of the region, as anything may read it and only the region may write it. */
import type { EpochSeconds, Market } from '../../../lambdas/core/model/index.ts';
import type { Image } from './images.ts';
import type { InstanceTypeFacts } from './instance-types.ts';
import type { LaunchParameters, Tags } from './launch-parameters.ts';
import type { Subnet } from './network.ts';

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

export interface StateReason {
  readonly code: string;
  readonly message: string;
}

export interface RegionInstance {
  readonly instanceId: string;
  readonly reservationId: string;
  /** Position in its reservation, from 0. */
  readonly launchIndex: number;
  /** Template and request merged. */
  readonly parameters: LaunchParameters;
  readonly type: InstanceTypeFacts;
  readonly image: Image;
  readonly subnet: Subnet;
  readonly market: Market;
  readonly clientToken?: string | undefined;
  readonly spotRequestId?: string | undefined;
  readonly volumeId: string;
  readonly networkInterfaceId: string;
  /** Private IPv4 address; held while stopped, free for others once terminated. */
  readonly address: string;
  /** Public host key line; its template's, or made at the first boot; kept over stop and start. */
  readonly hostKey: string;
  readonly firstLaunchedAt: EpochSeconds;
  /** Before this instant other calls do not know the instance. */
  readonly visibleAt: EpochSeconds;
  readonly state: InstanceState;
  readonly stateSince: EpochSeconds;
  /** AWS's LaunchTime: the last start. */
  readonly startedAt: EpochSeconds;
  /** Since when sshd answers; absent while it does not. */
  readonly bootedAt?: EpochSeconds | undefined;
  /** From when on the last boot log can be read. */
  readonly consoleAt?: EpochSeconds | undefined;
  /** `User initiated (2026-08-18 11:00:20 GMT)`, or empty. */
  readonly transitionReason: string;
  readonly stateReason?: StateReason | undefined;
  readonly tags: Tags;
  /** What it was tagged with as it was launched, whatever became of that. */
  readonly bornTags: Tags;
  readonly terminationProtected: boolean;
  readonly shutdownBehavior: 'stop' | 'terminate';
  /** AWS has announced that it takes the instance away. */
  readonly interrupted: boolean;
}

/** The same, for the files of this folder that make things happen to instances. */
export type MutableInstance = { -readonly [Member in keyof RegionInstance]: RegionInstance[Member] };

/** Whether the instance occupies hardware: capacity and quotas count it. */
export const isPlaced = (instance: RegionInstance): boolean =>
  instance.state !== 'stopped' && instance.state !== 'terminated';
