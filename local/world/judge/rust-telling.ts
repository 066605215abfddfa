/** What a look at a Rust queue runner can tell, by the judge's own rules. */
import * as z from 'zod';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';

/** Builders come back to a queue runner that has just started. */
const MIN_UPTIME_SECONDS = 60;

const statusSchema = z.object({
  queueRunner: z.object({
    status: z.literal('up'),
    uptime: z.number(),
    queueChecksFinished: z.number(),
    machinesTotal: z.number(),
  }),
  machines: z.record(z.string(), z.unknown()),
});

/** Whether it found one that is up, for long enough to know its queue and its builders, and that has its database. */
export function isLookSettled({ curl, activeHttp, unfinished, statusText }: RustAnswer): boolean {
  if (curl.http !== 200 || activeHttp !== 200 || unfinished === undefined) return false;
  const { queueRunner, machines } = statusSchema.parse(JSON.parse(statusText));
  return (
    queueRunner.uptime >= MIN_UPTIME_SECONDS &&
    queueRunner.queueChecksFinished > 0 &&
    queueRunner.machinesTotal === Object.keys(machines).length
  );
}
