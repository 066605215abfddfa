import { z } from 'zod';

/** A recorded or invented course of events; all times in seconds since its start. */

const at = { t: z.number() };

export const queueEvent = z.object({
  ...at,
  do: z.literal('queue'),
  count: z.int().min(0),
  system: z.string(),
  features: z.array(z.string()).default([]),
  seconds: z.number().min(0),
  jobset: z.string().default('release'),
  tag: z.string().default('build'),
  preferLocal: z.boolean().default(false),
  fail: z.boolean().default(false),
  outputMiB: z.number().min(0).default(0),
});

/** Which builds to cancel: those that meet every condition given; all of them when none is. */
export const cancelEvent = z.object({
  ...at,
  do: z.enum(['cancel', 'cancel-builds', 'cancel-all', 'cancel-queue']),
  tag: z.string().optional(),
  jobset: z.string().optional(),
  system: z.string().optional(),
  job: z.string().optional(),
  jobs: z.array(z.string()).optional(),
  /** At most this many, the oldest first. */
  count: z.int().min(0).optional(),
});

/** Events that need nothing but their instant, with the other names they are known by. */
const PLAIN_EVENTS = [
  'start-runner',
  'stop-runner',
  'kill-runner',
  'restart-runner',
  'hang-runner',
  'freeze-runner',
  'resume-runner',
  'thaw-runner',
  'unlock',
  'unlock-runner',
  'touch-machines',
  'remove-machines',
  'stop-database',
  'start-database',
] as const;

const BUILDER_EVENTS = [
  'start-builder',
  'kill-builder',
  'stop-builder',
  'freeze-builder',
  'thaw-builder',
  'silence-builder',
  'vanish-builder',
] as const;

export const machinesEvent = z.object({
  ...at,
  do: z.enum(['machines', 'write-machines']),
  file: z.string(),
});
export const builderEvent = z.object({ ...at, do: z.enum(BUILDER_EVENTS), host: z.string() });
export const plainEvent = z.object({ ...at, do: z.enum(PLAIN_EVENTS) });

const eventSchema = z.discriminatedUnion('do', [
  queueEvent,
  cancelEvent,
  machinesEvent,
  builderEvent,
  plainEvent,
]);

const scenarioSchema = z.object({
  name: z.string().default('unnamed'),
  settings: z
    .object({
      maxUnsupportedTime: z.number().min(0).default(0),
      maxLocalWorkerThreads: z.int().min(1).default(2),
    })
    .prefault({}),
  initialBuilders: z.record(z.string(), z.enum(['up', 'down', 'refused', 'silent', 'frozen'])).default({}),
  /** Instant of the first 30 s poll after each start. */
  machinesPollPhase: z.number().optional(),
  machinesPollPhases: z.array(z.number()).optional(),
  end: z.number().optional(),
  epochOfStart: z.number().default(1_800_000_000),
  events: z.array(z.looseObject({ t: z.number(), do: z.string() })),
});

interface Named {
  readonly shape: { readonly do: z.ZodLiteral<string> | z.ZodEnum };
}

/** The names of the events that a schema takes. */
export const namesOf = (option: Named): readonly string[] => {
  const name = option.shape.do;
  return name instanceof z.ZodLiteral ? [...name.values].map(String) : [...name.options].map(String);
};

const knownEvents = eventSchema.options.flatMap(namesOf);

/** One event of a scenario. */
export type ScenarioEvent = z.output<typeof eventSchema>;
export type CancelEvent = z.output<typeof cancelEvent>;
export type BuilderEvent = z.output<typeof builderEvent>;
export type PlainEvent = z.output<typeof plainEvent>;

/** A scenario that can be played. */
export interface Scenario extends Omit<z.output<typeof scenarioSchema>, 'events'> {
  readonly events: readonly ScenarioEvent[];
}

/** The scenario says something that cannot be played. The message has one line per problem. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

const problemsOf = (error: z.ZodError, prefix: string): string[] =>
  error.issues.map(
    (issue) => `${[prefix, ...issue.path.map(String)].filter(Boolean).join('.')}: ${issue.message}`,
  );

/** Checks a parsed scenario.json. @throws ScenarioError naming every problem, unknown events by name. */
export const parseScenario = (json: unknown): Scenario => {
  const scenario = scenarioSchema.safeParse(json);
  if (!scenario.success) throw new ScenarioError(problemsOf(scenario.error, '').join('\n'));
  const problems: string[] = [];
  const events: ScenarioEvent[] = [];
  for (const [index, raw] of scenario.data.events.entries()) {
    const event = eventSchema.safeParse(raw);
    if (event.success) events.push(event.data);
    else if (!knownEvents.includes(raw.do)) {
      problems.push(`events.${index}: unknown event "${raw.do}"; known are ${knownEvents.join(', ')}`);
    } else problems.push(...problemsOf(event.error, `events.${index} (${raw.do})`));
  }
  if (problems.length > 0) throw new ScenarioError(problems.join('\n'));
  return { ...scenario.data, events };
};
