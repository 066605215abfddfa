import { Float } from '../hydra/float.ts';
import type { RustMachine } from './machine.ts';
import type { StepTotals } from './machine-stats.ts';
import type { OrderedJson } from './ordered-json.ts';

const TOTAL_MEMORY_BYTES = 25_276_063_744;
const USED_MEMORY_BYTES = 2_739_126_272;

/** Sums of times and what they come to for each step, in milliseconds. */
export const stepTimes = (totals: StepTotals, stepsDone: number): Readonly<Record<string, OrderedJson>> => {
  const average = (total: number): number => (stepsDone === 0 ? 0 : Math.floor(total / stepsDone));
  return {
    avgStepTimeMs: average(totals.stepMs),
    avgStepImportTimeMs: average(totals.importMs),
    avgStepBuildTimeMs: average(totals.buildMs),
    avgStepUploadTimeMs: average(totals.uploadMs),
    totalStepTimeMs: totals.stepMs,
    totalStepImportTimeMs: totals.importMs,
    totalStepBuildTimeMs: totals.buildMs,
    totalStepUploadTimeMs: totals.uploadMs,
  };
};

const pressure = (total: number): OrderedJson => ({
  avg10: new Float(0),
  avg60: new Float(0),
  avg300: new Float(0),
  total,
});

/** Nobody decides by it with the default of `machineFreeFn`, so it is always calm. */
const pressures = (): OrderedJson => ({
  cpuSome: pressure(3_551_307_930),
  memSome: pressure(0),
  memFull: pressure(0),
  ioSome: pressure(42_926_622),
  ioFull: pressure(2_602_837),
  irqFull: null,
});

const statsOf = ({ free, stats }: RustMachine, now: number): OrderedJson => {
  const { ping } = stats;
  const load = new Float(ping?.load1 ?? 0);
  return {
    currentJobs: stats.currentJobs,
    nrStepsDone: stats.stepsDone,
    ...stepTimes(stats.totals, stats.stepsDone),
    idleSince: stats.idleSince,
    lastFailure: stats.lastFailure,
    // Nothing ever sets it.
    disabledUntil: 0,
    consecutiveFailures: stats.consecutiveFailures,
    lastPing: stats.lastPing,
    sinceLastPing: Math.floor(now) - stats.lastPing,
    load1: load,
    load5: load,
    load15: load,
    memUsage: ping === undefined ? 0 : USED_MEMORY_BYTES,
    pressure: ping === undefined ? null : pressures(),
    buildDirFreePercent: new Float(free.buildDirFreePercent),
    storeFreePercent: new Float(free.storeFreePercent),
    currentUploadingPathCount: ping?.currentUploadingPathCount ?? 0,
    currentDownloadingPathCount: 0,
    jobsInLast30sStart: stats.jobsInLast30sStart,
    jobsInLast30sCount: stats.jobsInLast30sCount,
    failedBuilds: stats.totals.failed,
    succeededBuilds: stats.totals.succeeded,
  };
};

/** A machine as the status shows it at `now` (epoch seconds). */
export const machineJson = (machine: RustMachine, now: number): OrderedJson => {
  const { join } = machine;
  return {
    systems: join.systems,
    hostname: join.hostname,
    uptime: new Float(now - machine.joinedAt),
    cpuCount: 2,
    bogomips: new Float(5199.99),
    speedFactor: new Float(join.speedFactor),
    maxJobs: join.maxJobs,
    buildDirAvailThreshold: new Float(join.buildDirAvailThreshold),
    storeAvailThreshold: new Float(join.storeAvailThreshold),
    load1Threshold: new Float(8),
    cpuPsiThreshold: new Float(75),
    memPsiThreshold: new Float(80),
    ioPsiThreshold: null,
    score: new Float(join.speedFactor),
    totalMem: TOTAL_MEMORY_BYTES,
    supportedFeatures: join.supportedFeatures,
    mandatoryFeatures: join.mandatoryFeatures,
    cgroups: false,
    substituters: [],
    useSubstitutes: false,
    nixVersion: 'nix (Nix) 2.26.3',
    stats: statsOf(machine, now),
    jobs: machine.jobs.map((job) => job.step.drv),
    hasCapacity: machine.hasCapacity,
    hasDynamicCapacity: true,
    hasStaticCapacity: machine.hasSlot,
  };
};
