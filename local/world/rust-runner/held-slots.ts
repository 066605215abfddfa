/** Slots that are held by steps which are over, as the document `observe` finds them on the host. */
import * as z from 'zod';

const statusSchema = z.object({
  machines: z.record(z.string(), z.object({ hostname: z.string(), jobs: z.array(z.string()) })),
});
const queuesSchema = z.object({
  queues: z.record(z.string(), z.array(z.object({ drvPath: z.string(), alreadyScheduled: z.boolean() }))),
});

/**
 * How many of each machine’s slots have a step that is nowhere at work, by its host name.
 * @param status an answer to `/status`. @param queues one to `/status/queues` of the same moment.
 * @throws ZodError when they are no such answers.
 */
export function heldSlots(status: string, queues: string): ReadonlyMap<string, number> {
  const steps = Object.values(queuesSchema.parse(JSON.parse(queues)).queues).flat();
  const scheduled = new Set(
    steps.filter((step) => step.alreadyScheduled).map((step) => baseName(step.drvPath)),
  );
  const held = new Map<string, number>();
  for (const { hostname, jobs } of Object.values(statusSchema.parse(JSON.parse(status)).machines)) {
    const over = jobs.filter((job) => !scheduled.has(baseName(job))).length;
    if (over > 0) held.set(hostname, over);
  }
  return held;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
