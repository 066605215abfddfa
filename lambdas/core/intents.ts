/** What a plan wants: lines of the machines file, actions on EC2, and a reason for each. */
import type { Launch } from './model.ts';

/** One line of the machines file, in domain words. */
export interface Listing {
  /** The machine, or undefined for a placeholder that only keeps demand visible. */
  readonly instanceId?: string;
  /** Host name or IP address, without a port. */
  readonly address: string;
  /** Whom the queue runner connects as; absent for root. */
  readonly sshUser?: string;
  /** Absent for 22. */
  readonly sshPort?: number;
  readonly systems: readonly string[];
  readonly sshKey?: string;
  /** 0 on a placeholder. */
  readonly maxJobs: number;
  readonly speedFactor: number;
  readonly supportedFeatures: readonly string[];
  readonly mandatoryFeatures: readonly string[];
  readonly hostKey?: string;
}

/** What a tick wants done to EC2. Launches carry their intent. */
export type Action =
  | { readonly kind: 'launch'; readonly launch: Launch; readonly reason: string }
  | { readonly kind: 'start'; readonly instanceId: string; readonly reason: string }
  | { readonly kind: 'stop'; readonly instanceId: string; readonly reason: string }
  | { readonly kind: 'terminate'; readonly instanceId: string; readonly reason: string };

/** Why a type has the machines it has, or a machine its phase. Also for "nothing". */
export interface Decision {
  readonly subject: { readonly type: string } | { readonly machine: string; readonly type: string };
  readonly verdict: string;
  readonly reason: string;
}
