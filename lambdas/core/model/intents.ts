/** What a plan wants done to EC2, and a reason for everything. */
import * as z from 'zod';
import { launchSchema } from './launch.ts';

const text = z.string();

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
