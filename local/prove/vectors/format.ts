/** The decision vectors of hydra-provisioner: one tick each, with what the ancestor saw. */
import * as z from 'zod';

const machineSchema = z.looseObject({
  name: z.string(),
  type: z.string(),
  tag: z.string().nullish(),
  state: z.enum(['UP', 'STARTING', 'STOPPED', 'STOPPING', 'MISSING', 'UNREACHABLE', 'RESCUE', 'UNKNOWN']),
  exists: z.boolean().default(true),
  nextChargeInSeconds: z.number().nullable(),
  ip: z.string().nullable(),
  ipAfterDeploy: z.string().nullish(),
  publicHostKey: z.string().nullable(),
  checkReveals: z.string().optional(),
});

export const caseSchema = z.looseObject({
  name: z.string(),
  now: z.number(),
  config: z.looseObject({
    tag: z.string().default('hydra-provisioned'),
    systemTypes: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).default({}),
  }),
  status: z.unknown(),
  statusExit: z.number().default(0),
  statusRaw: z.string().optional(),
  machines: z.array(machineSchema),
});

export const fileSchema = z.array(caseSchema);

export type VectorCase = z.output<typeof caseSchema>;
export type VectorMachine = z.output<typeof machineSchema>;

/** What a case prints. */
export interface VectorResult {
  readonly name: string;
  readonly wanted: Readonly<Record<string, number>>;
  readonly allowed: Readonly<Record<string, number>>;
  readonly launch: Readonly<Record<string, number>>;
  readonly start: readonly string[];
  readonly listed: readonly string[];
  /** Off the machines file and on the way out, but neither stopped nor terminated by this tick. */
  readonly drained: readonly string[];
  readonly stopped: readonly string[];
  readonly terminated: readonly string[];
  readonly machinesFile: string;
  /** What of the input could not be used; the rest was planned all the same. */
  readonly problems: readonly string[];
}
