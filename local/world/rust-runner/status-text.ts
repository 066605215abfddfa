import type { Random } from '../random.ts';
import { Float } from '../hydra/float.ts';
import type { RustContext } from './context.ts';
import { machineJson, stepTimes } from './machine-text.ts';
import { instantText, writeOrdered, type OrderedJson } from './ordered-json.ts';
import type { RustProcess } from './process.ts';
import { shuffled } from './queues-text.ts';

/** All jobsets are of one project. */
const PROJECT = 'demo';
const MICROSECONDS = 1_000_000;

type Members = Readonly<Record<string, OrderedJson>>;

const queueStats = (context: RustContext, order: Random): Members =>
  Object.fromEntries(
    shuffled(context.queues.all(), order).map((queue) => [
      queue.system,
      {
        activeRunnable: queue.active,
        totalRunnable: queue.steps.length,
        nrRunnableWaiting: queue.waiting,
        nrRunnableDisabled: queue.disabled,
        avgRunnableTime: 0,
        waitTimeMs: queue.waitTimeMs,
      },
    ]),
  );

const loading = ({ counters, life, steps }: RustContext, startedAt: number): Members => {
  const readMs = Math.floor(counters.buildReadSeconds * 1000);
  const uptime = life.now - startedAt;
  const waited = uptime - counters.dispatchSeconds;
  return {
    queueChecksStarted: counters.queueChecksStarted,
    queueBuildLoads: counters.buildsRead,
    queueStepsCreated: counters.stepsCreated,
    queueChecksEarlyExits: 0,
    queueChecksFinished: counters.queueChecksFinished,
    dispatcherTimeSpentRunning: Math.floor(counters.dispatchSeconds * MICROSECONDS),
    dispatcherTimeSpentWaiting: Math.floor(waited * MICROSECONDS),
    queueMonitorTimeSpentRunning: Math.floor(counters.buildReadSeconds * MICROSECONDS),
    queueMonitorTimeSpentWaiting: Math.floor((uptime - counters.buildReadSeconds) * MICROSECONDS),
    nrBuildsRead: counters.buildsRead,
    buildReadTimeMs: readMs,
    nrBuildsUnfinished: steps.size,
  };
};

const ends = ({ counters, steps }: RustContext): Members => {
  const { totals } = counters;
  const stepsDone = totals.succeeded + totals.failed;
  return {
    nrBuildsDone: counters.buildsDone,
    // Of steps, and every try that failed.
    nrBuildsSucceeded: totals.succeeded,
    nrBuildsFailed: totals.failed,
    nrStepsStarted: counters.stepsStarted,
    nrStepsDone: stepsDone,
    nrStepsBuilding: counters.stepsBuilding,
    nrStepsWaiting: counters.stepsWaiting,
    nrStepsRunnable: steps.size,
    nrStepsUnfinished: steps.size,
    nrUnsupportedSteps: counters.unsupportedSteps,
    nrUnsupportedStepsAborted: counters.unsupportedStepsAborted,
    nrSubstitutesStarted: 0,
    nrSubstitutesFailed: 0,
    nrSubstitutesSucceeded: 0,
    nrRetries: counters.retries,
    maxNrRetries: counters.maxRetries,
    ...stepTimes(totals, stepsDone),
  };
};

const wakings = ({ counters, machines }: RustContext): Members => ({
  nrQueueWakeups: counters.queueWakeups,
  nrDispatcherWakeups: counters.dispatcherWakeups,
  dispatchTimeMs: Math.floor(counters.dispatchSeconds * 1000),
  machinesTotal: machines.size,
  machinesInUse: [...machines.all()].filter((machine) => machine.stats.currentJobs > 0).length,
  s3UploadsPending: 0,
});

const jobsetsOf = ({ jobsets }: RustContext): Members =>
  Object.fromEntries(
    [...jobsets.entries()].map(([name, { seconds }], index) => [
      `${PROJECT}:${name}`,
      { id: index + 1, projectName: PROJECT, name, seconds, shares: 100 },
    ]),
  );

/** The answer to `GET /status`. Of machines with one name it shows only one. */
export const statusText = ({ context, pid, startedAt }: RustProcess, order: Random): string => {
  const { jobsets, life, machines, steps } = context;
  return writeOrdered({
    queueRunner: {
      status: 'up',
      time: instantText(life.now),
      uptime: new Float(life.now - startedAt),
      proc: {
        pid,
        vsizeBytes: 286_994_432,
        rssBytes: 42_897_408,
        sharedBytes: 37_847_040,
        cgroup: null,
      },
      supportedFeatures: machines.supportedFeatures(),
      buildCount: steps.size,
      jobsetCount: [...jobsets.entries()].length,
      stepCount: steps.size,
      runnableCount: steps.size,
      queueStats: queueStats(context, order),
      ...loading(context, startedAt),
      ...ends(context),
      ...wakings(context),
    },
    machines: Object.fromEntries(
      shuffled(machines.all(), order).map((machine) => [
        machine.join.hostname,
        machineJson(machine, life.now),
      ]),
    ),
    jobsets: jobsetsOf(context),
    store: null,
    s3: {},
  });
};
