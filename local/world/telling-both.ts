/** Who is told of builds: the ledger counts, the judge judges. */
import type { Judge } from './judge/judge.ts';
import type { Ledger } from './ledger.ts';
import type { QueueRunnerObserver } from './queue-runner/observer.ts';

/** Tells both. They may be there only later, but before the first build. */
export const tellingBoth = (watchers: {
  readonly ledger: Ledger;
  readonly judge: Judge;
}): QueueRunnerObserver => ({
  onBuildQueued: () => {
    watchers.ledger.onBuildQueued();
  },
  onStepStarted: (build, machine, destination) => {
    const address = destination.replace(/:\d+$/, '');
    watchers.ledger.onStepStarted(build, machine, address);
    watchers.judge.onStepStarted(build, machine, address);
  },
  onStepLost: (lost) => {
    watchers.ledger.onStepLost(lost);
    watchers.judge.onStepLost(lost);
  },
  onStepOrphaned: (orphan) => {
    watchers.ledger.onStepOrphaned(orphan);
    watchers.judge.onStepOrphaned(orphan);
  },
  onStepOver: (build) => {
    watchers.ledger.onStepOver(build);
  },
  onBuildFinished: (build) => {
    watchers.ledger.onBuildFinished(build);
    watchers.judge.onBuildFinished(build);
  },
  onFileRefused: (problem, file) => {
    watchers.judge.onFileRefused(problem, file);
  },
  onFilesRead: () => {
    watchers.judge.onFilesRead();
  },
});
