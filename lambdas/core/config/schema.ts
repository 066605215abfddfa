/**
 * The configuration file as people write it. Words and defaults that hydra-provisioner had are its own
 * (its README and script, commit ecbfc27); everything else is new. The JSON Schema for editors is made from this.
 */
import * as z from 'zod';
import { deploySchema } from './deploy-schema.ts';
import { hostSchema } from './host.ts';
import { machineTypeSchema, typeKeySchema } from './machine-type.ts';

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  tag: z
    .string()
    .regex(/^[A-Za-z0-9_.:/=+@-]{1,100}$/, 'must be a tag value of at most 100 characters')
    .optional()
    .describe('The farm’s name, which marks its instances; one farm, one tag; default the name of the stack'),
  observeOnly: z.boolean().default(false).describe('Look and report, change nothing'),
  schedule: z
    .string()
    .regex(/^rate\(([1-9][0-9]?) minutes?\)$/, 'must be rate(N minutes), N from 1 to 99')
    .default('rate(5 minutes)')
    .describe('How often a tick runs; every 25 minutes at least where billing is hourly'),
  watch: z
    .boolean()
    .default(true)
    .describe(
      'Between two ticks, wait on the Hydra host for what would change the plan, and wake the next tick then',
    ),
  launchAhead: z
    .boolean()
    .default(true)
    .describe(
      'Launch machines of types with a target wait that are billed by the second before the builds are there, while a jobset is evaluated that usually brings some',
    ),
  maxTotalMachines: z
    .int()
    .min(0)
    .default(20)
    .describe('Never more machines of all types together than this'),
  maxDollarsPerHour: z
    .number()
    .positive()
    .max(100_000)
    .optional()
    .describe(
      'Never machines that together cost more an hour than this, by the prices they began with, without disks and addresses; default no limit',
    ),
  host: hostSchema.describe('Where Hydra’s queue runner is, and how to ask it'),
  systemTypes: z
    .record(typeKeySchema, machineTypeSchema)
    .default({})
    .describe('The machine types, keyed SYSTEMS[:FEATURES]'),
  deploy: deploySchema.optional().describe('What only `cdk deploy` reads: network, builders, alarms'),
});

export type WrittenConfig = z.output<typeof configSchema>;

/** A configuration as people write it, without what has a default. */
export type WrittenFarm = z.input<typeof configSchema>;
