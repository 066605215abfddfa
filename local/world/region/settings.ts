/** What can be chosen about the simulated region, and what it is by default. */
import type { Market } from '../../../lambdas/core/model/index.ts';

/** Drawn uniformly between the two, in seconds. */
export type SecondsRange = readonly [low: number, high: number];

export interface RegionSettings {
  readonly regionName: string;
  readonly accountId: string;
  /** Letters of the availability zones. */
  readonly zoneLetters: readonly string[];
  /** `pending` to `running`. About 18 s (measured by others on m7i.large, 2026). */
  readonly pendingSeconds: SecondsRange;
  /** `running` to an answering sshd. 3 s for the fastest images, tens of seconds for NixOS. */
  readonly sshSeconds: SecondsRange;
  /** Probability that a boot never gets as far as sshd, SSM and console. */
  readonly bootFailureProbability: number;
  readonly stoppingSeconds: SecondsRange;
  readonly shuttingDownSeconds: SecondsRange;
  /**
   * How long a terminated instance stays visible: about an hour
   * (AWS: docs/develop/facts.md#ec2-terminated-instances-stay-visible).
   */
  readonly terminatedVisibleSeconds: number;
  /** After how long a terminated instance's tags are gone; AWS only says that they fade earlier. */
  readonly tagsFadeSeconds: number;
  /** How long a new instance is unknown to every other call: AWS is eventually consistent. */
  readonly hiddenSeconds: SecondsRange;
  /** Probability that a stopped instance comes back at another address, as with public ones. */
  readonly newAddressProbability: number;
  /** `running` to the boot log in GetConsoleOutput: some seconds to minutes. */
  readonly consoleSeconds: SecondsRange;
  /** sshd to the SSM agent being Online. */
  readonly ssmRegistrationSeconds: SecondsRange;
  /** SendCommand to the agent starting the script. */
  readonly ssmDeliverySeconds: SecondsRange;
  /** SendCommand to the invocation being known to GetCommandInvocation. */
  readonly ssmHiddenSeconds: SecondsRange;
  /** Agents from 3.3.2746.0 on put `ENV_VAR` parameters into the environment; older ones substitute text. */
  readonly ssmAgentVersion: string;
  /** What the token of a launch whose instances are all terminated gets: documentation and practice disagree. */
  readonly terminatedTokenAnswer: 'IdempotentInstanceTerminated' | 'terminated-instances';
  /** Limits of running vCPUs; what AWS calls the on-demand and spot quotas. */
  readonly onDemandVcpuQuota: number;
  readonly spotVcpuQuota: number;
  /** Spot interruptions an instance meets per hour, on average; 0 for none but the ordered ones. */
  readonly spotInterruptionsPerHour: number;
  /** Notice before a spot interruption: two minutes (AWS: docs/develop/facts.md#ec2-notice-of-a-spot-interruption). */
  readonly spotWarningSeconds: number;
  /** Spot price as a part of the on-demand price. */
  readonly spotPriceRatio: number;
  /** Whether request rates are limited with AWS's published token buckets. */
  readonly throttling: boolean;
}

/** How many vCPUs may run at once on this market. */
export const vcpuQuota = (settings: RegionSettings, market: Market): number =>
  market === 'spot' ? settings.spotVcpuQuota : settings.onDemandVcpuQuota;

export const defaultSettings: RegionSettings = {
  regionName: 'us-east-1',
  accountId: '000000000000',
  zoneLetters: ['a', 'b', 'c'],
  pendingSeconds: [15, 21],
  sshSeconds: [10, 40],
  bootFailureProbability: 0,
  stoppingSeconds: [15, 60],
  shuttingDownSeconds: [15, 60],
  terminatedVisibleSeconds: 3600,
  tagsFadeSeconds: 1800,
  hiddenSeconds: [0.5, 4],
  newAddressProbability: 0,
  consoleSeconds: [20, 180],
  ssmRegistrationSeconds: [30, 90],
  ssmDeliverySeconds: [0.3, 1.2],
  ssmHiddenSeconds: [0.2, 1],
  ssmAgentVersion: '3.3.1345.0',
  terminatedTokenAnswer: 'IdempotentInstanceTerminated',
  onDemandVcpuQuota: 2048,
  spotVcpuQuota: 2048,
  spotInterruptionsPerHour: 0,
  spotWarningSeconds: 120,
  spotPriceRatio: 0.35,
  throttling: true,
};
