/** The events of a scenario as they happen to the queue runner, its queue, its machines file and its builders. */
import type { Build } from '../hydra/builds.ts';
import type { HydraRunner } from '../hydra/hydra.ts';
import type { MachinesFileInMemory } from './machines-file.ts';
import type { QueueRunner } from './queue-runner.ts';
import type { BuilderEvent, CancelEvent, ScenarioEvent } from './scenario.ts';
import type { SimulatedBuilders } from './simulated-builders.ts';

export interface RunnerSurroundings {
  readonly runner: QueueRunner;
  readonly file: MachinesFileInMemory;
  readonly builders: SimulatedBuilders;
  /** Starts the queue runner unless it runs. */
  readonly start: () => void;
}

/** Lets one event happen now. Returns the builds it has queued. */
export function happenToRunner(around: RunnerSurroundings, event: ScenarioEvent): readonly Build[] {
  const queued = happenToService(around, event);
  if (queued !== undefined) return queued;
  if ('file' in event) around.file.replace(event.file);
  else if ('host' in event) changeBuilder(around, event);
  else changeFile(around, event.do);
  return [];
}

interface Service {
  readonly runner: HydraRunner;
  /** Starts the queue runner unless it runs. */
  readonly start: () => void;
}

/**
 * Lets one event happen to either queue runner, if it is one that either has: to its queue, its process or its database.
 * Returns the builds it has queued; undefined where it is another event, and nothing has happened.
 */
export function happenToService(service: Service, event: ScenarioEvent): readonly Build[] | undefined {
  switch (event.do) {
    case 'queue':
      return service.runner.queue(event);
    case 'cancel':
    case 'cancel-all':
    case 'cancel-builds':
    case 'cancel-queue':
      cancel(service, event);
      return [];
    default:
      return changeService(service, event.do) ? [] : undefined;
  }
}

/** Whether it was an event of the service. */
function changeService({ runner, start }: Service, what: ScenarioEvent['do']): boolean {
  switch (what) {
    case 'start-runner':
      start();
      return true;
    case 'stop-runner':
      runner.stop();
      return true;
    case 'kill-runner':
      runner.kill();
      return true;
    case 'restart-runner':
      runner.stop();
      start();
      return true;
    case 'hang-runner':
    case 'freeze-runner':
      runner.hang();
      return true;
    case 'resume-runner':
    case 'thaw-runner':
      runner.resume();
      return true;
    case 'stop-database':
    case 'start-database':
      runner.setDatabaseReachable(what === 'start-database');
      return true;
    default:
      return false;
  }
}

/** The lock and the machines file are the C++ queue runner's alone. */
function changeFile({ runner, file }: RunnerSurroundings, what: ScenarioEvent['do']): void {
  switch (what) {
    case 'unlock':
    case 'unlock-runner':
      if (!runner.running) runner.unlock();
      return;
    case 'touch-machines':
      file.touch();
      return;
    case 'remove-machines':
      file.remove();
      return;
    default:
  }
}

function changeBuilder({ builders }: RunnerSurroundings, event: BuilderEvent): void {
  switch (event.do) {
    case 'start-builder':
      builders.start(event.host);
      return;
    case 'kill-builder':
    case 'stop-builder':
      builders.kill(event.host);
      return;
    case 'freeze-builder':
    case 'silence-builder':
      builders.freeze(event.host);
      return;
    case 'thaw-builder':
      builders.thaw(event.host);
      return;
    case 'vanish-builder':
      builders.vanish(event.host);
  }
}

const matches = (build: Build, event: CancelEvent): boolean =>
  (event.tag === undefined || build.tag === event.tag) &&
  (event.jobset === undefined || build.jobset === event.jobset) &&
  (event.system === undefined || build.kind.system === event.system) &&
  (event.job === undefined || build.job === event.job) &&
  (event.jobs === undefined || event.jobs.includes(build.job));

function cancel({ runner }: Service, event: CancelEvent): void {
  const chosen = [...runner.unfinishedBuilds].filter((build) => matches(build, event));
  runner.cancel(chosen.slice(0, event.count));
}
