import type { Machine } from './machines.ts';
import type { QueueMonitor } from './queue-monitor.ts';
import type { RunnerContext } from './runner-context.ts';
import { writeStatus, type StatusValue } from './status-json.ts';
import { Float } from '../hydra/float.ts';

/** Database connections the program has besides those of its steps. */
const OWN_CONNECTIONS = 2;

/** All jobsets are of one project. */
const PROJECT = 'demo';

type StatusObject = Record<string, StatusValue>;

const stepTimes = (totals: {
  readonly stepsDone: number;
  readonly totalStepTime: number;
  readonly totalStepBuildTime: number;
}): StatusObject => {
  if (totals.stepsDone === 0) return {};
  return {
    totalStepTime: totals.totalStepTime,
    totalStepBuildTime: totals.totalStepBuildTime,
    avgStepTime: Float.average(totals.totalStepTime, totals.stepsDone),
    avgStepBuildTime: Float.average(totals.totalStepBuildTime, totals.stepsDone),
  };
};

const machineStatus = ({ config, enabled, history }: Machine): StatusObject => ({
  enabled,
  systemTypes: config.systemTypes,
  supportedFeatures: config.supportedFeatures,
  mandatoryFeatures: config.mandatoryFeatures,
  nrStepsDone: history.stepsDone,
  currentJobs: history.currentJobs,
  disabledUntil: Math.floor(history.disabledUntil),
  lastFailure: Math.floor(history.lastFailure),
  consecutiveFailures: history.consecutiveFailures,
  ...(history.currentJobs === 0 ? { idleSince: history.idleSince } : {}),
  ...stepTimes(history),
});

/** A local store as destination: nothing is compressed, and only added archives are counted. */
const storeStatus = (narsAdded: number): StatusObject => ({
  narInfoRead: 0,
  narInfoReadAverted: narsAdded,
  narInfoMissing: 0,
  narInfoWrite: 0,
  narInfoCacheSize: 0,
  narRead: 0,
  narReadBytes: 0,
  narReadCompressedBytes: 0,
  narWrite: 0,
  narWriteAverted: 0,
  narWriteBytes: 0,
  narWriteCompressedBytes: 0,
  narWriteCompressionTimeMs: 0,
  narCompressionSavings: new Float(0),
  narCompressionSpeed: new Float(0),
});

const stepCounts = (context: RunnerContext): StatusObject => {
  const { copySlots, counters, runnable, steps, threads } = context;
  const cancelledActive = [...threads.values()].filter((thread) => thread.cancelled).length;
  return {
    nrQueuedBuilds: steps.size,
    nrUnfinishedSteps: steps.size + cancelledActive,
    nrRunnableSteps: runnable.size,
    nrActiveSteps: threads.size,
    nrStepsBuilding: counters.stepsBuilding,
    // Simulated builds have no inputs that take time to send.
    nrStepsCopyingTo: 0,
    nrStepsCopyingFrom: counters.stepsCopyingFrom,
    nrStepsWaitingForDownloadSlot: copySlots.waiting,
    nrStepsWaiting: 0,
    nrUnsupportedSteps: counters.unsupportedSteps,
  };
};

const totals = (context: RunnerContext, queueWakeups: number): StatusObject => {
  const { counters } = context;
  const buildReadTimeMs = Math.floor(counters.buildReadSeconds * 1000);
  const dispatchTimeMs = Math.floor(counters.dispatchSeconds * 1000);
  return {
    bytesSent: counters.bytesSent,
    bytesReceived: counters.bytesReceived,
    nrBuildsRead: counters.buildsRead,
    buildReadTimeMs,
    buildReadTimeAvgMs: Float.average(buildReadTimeMs, counters.buildsRead),
    nrBuildsDone: counters.buildsDone,
    nrStepsStarted: counters.stepsStarted,
    nrStepsDone: counters.stepsDone,
    nrRetries: counters.retries,
    maxNrRetries: counters.maxRetries,
    nrQueueWakeups: queueWakeups,
    nrDispatcherWakeups: counters.dispatcherWakeups,
    dispatchTimeMs,
    dispatchTimeAvgMs: Float.average(dispatchTimeMs, counters.dispatcherWakeups),
    nrDbConnections: OWN_CONNECTIONS + counters.mostActiveSteps + (counters.hasAborted ? 1 : 0),
    nrActiveDbUpdates: 0,
  };
};

/** One status dump of a running process: a single line of JSON without its newline. */
export const dumpStatus = (
  context: RunnerContext,
  monitor: QueueMonitor,
  process: { readonly pid: number; readonly startedAt: number },
): string => {
  const { counters, jobsets, life, machines, machineTypes } = context;
  const time = Math.floor(life.now);
  const shares = [...jobsets.entries()].map(([name, { seconds, shareUsed }]) => [
    `${PROJECT}:${name}`,
    { seconds, shareUsed: new Float(shareUsed) },
  ]);
  return writeStatus({
    status: 'up',
    time,
    uptime: time - Math.floor(process.startedAt),
    pid: process.pid,
    ...stepCounts(context),
    ...totals(context, monitor.wakeups),
    ...stepTimes(counters),
    machines: Object.fromEntries(
      [...machines.all()].map((machine) => [machine.config.uri, machineStatus(machine)]),
    ),
    jobsets: Object.fromEntries(shares),
    machineTypes: Object.fromEntries([...machineTypes.entries()].map(([key, type]) => [key, { ...type }])),
    store: storeStatus(counters.narsAdded),
  });
};
