/** What a plan wants: lines of the machines file, actions on EC2, and a reason for each. */
import * as z from 'zod';
import { launchSchema } from './launch.ts';

const text = z.string();

/** One line of the machines file, in domain words. */
export interface Listing {
  /** The machine, or undefined for a placeholder that only keeps demand visible. */
  readonly instanceId?: string;
  /** Host name or IP address, without a port. */
  readonly address: string;
  /** The user the queue runner connects as; absent for root. */
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

export const actionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('launch'), launch: launchSchema, reason: text }).readonly(),
  z.object({ kind: z.literal('start'), instanceId: text, reason: text }).readonly(),
  z.object({ kind: z.literal('stop'), instanceId: text, reason: text }).readonly(),
  z.object({ kind: z.literal('terminate'), instanceId: text, reason: text }).readonly(),
]);
/** What a tick wants done to EC2. Launches carry their intent. */
export type Action = z.infer<typeof actionSchema>;

export const decisionSchema = z
  .object({
    subject: z.union([
      z.object({ machine: text, type: text }).readonly(),
      z.object({ type: text }).readonly(),
    ]),
    verdict: text,
    reason: text,
  })
  .readonly();
/** Why a type has the machines it has, or a machine its phase. Also for "nothing". */
export type Decision = z.infer<typeof decisionSchema>;
