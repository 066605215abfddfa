/** The events of a scenario as they happen to the queue runner, its queue, its machines file and its builders. */
import type { Build } from '../hydra/builds.ts';
import type { MachinesFileInMemory } from './machines-file.ts';
import type { QueueRunner } from './queue-runner.ts';
import type { BuilderEvent, CancelEvent, PlainEvent, ScenarioEvent } from './scenario.ts';
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
  switch (event.do) {
    case 'queue':
      return around.runner.queue(event);
    case 'cancel':
    case 'cancel-all':
    case 'cancel-builds':
    case 'cancel-queue':
      cancel(around, event);
      return [];
    case 'machines':
    case 'write-machines':
      around.file.replace(event.file);
      return [];
    default:
      if ('host' in event) changeBuilder(around, event);
      else changeRunner(around, event);
      return [];
  }
}

function changeRunner({ runner, file, start }: RunnerSurroundings, event: PlainEvent): void {
  switch (event.do) {
    case 'start-runner':
      start();
      return;
    case 'stop-runner':
      runner.stop();
      return;
    case 'kill-runner':
      runner.kill();
      return;
    case 'restart-runner':
      runner.stop();
      start();
      return;
    case 'hang-runner':
    case 'freeze-runner':
      runner.hang();
      return;
    case 'resume-runner':
    case 'thaw-runner':
      runner.resume();
      return;
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
    case 'stop-database':
    case 'start-database':
      runner.setDatabaseReachable(event.do === 'start-database');
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

function cancel({ runner }: RunnerSurroundings, event: CancelEvent): void {
  const chosen = [...runner.unfinishedBuilds].filter((build) => matches(build, event));
  runner.cancel(chosen.slice(0, event.count));
}
