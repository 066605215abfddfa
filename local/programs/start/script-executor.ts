/** The scripts of SSM commands on a stage that is served. */
import path from 'node:path';
import type { Activity } from '../../world/drive/activity.ts';
import { realTimer, ShellExecutor } from '../../world/endpoint/shell-executor.ts';
import { FALLBACKS, PROGRAMS } from '../../world/host/host-files.ts';
import type { HostFiles } from '../../world/host/host-files.ts';
import type { Executor, Kill, ScriptJob, ScriptOutcome } from '../../world/region/ssm/executor.ts';
import type { World } from '../../world/world.ts';
import { runWatch } from './watch-executor.ts';

export interface ScriptOptions {
  /** Search path of scripts, behind the simulated programs. */
  readonly searchPath: string;
  /** How many times as long as it says a script's time limit is, in real time: 1 (the default) for people who wait for it. */
  readonly scriptPatience?: number;
}

/** Really runs scripts, in a world that stands still meanwhile and looks from inside as the model has it. */
export class ScriptExecutor implements Executor {
  world: World | undefined;
  readonly #shell: ShellExecutor;
  readonly #files: HostFiles;
  readonly #activity: Activity;

  constructor(root: string, options: ScriptOptions, files: HostFiles, activity: Activity) {
    this.#files = files;
    this.#activity = activity;
    this.#shell = new ShellExecutor({
      root: path.join(root, 'nodes'),
      path: `${PROGRAMS}:${options.searchPath}:${FALLBACKS}`,
      timer: realTimer(options.scriptPatience),
      environment: (instanceId) => files.environment(instanceId),
    });
  }

  run(job: ScriptJob, finish: (outcome: ScriptOutcome) => void): Kill {
    const really = this.#run.bind(this);
    const watch = this.world === undefined ? undefined : runWatch(this.world, job, finish, really);
    return watch ?? really(job, finish);
  }

  #run(job: ScriptJob, finish: (outcome: ScriptOutcome) => void): Kill {
    this.#refresh(job.instanceId);
    this.#activity.enter();
    return this.#shell.run(job, (outcome) => {
      if (this.world !== undefined) this.#files.readBuilder(this.world, job.instanceId);
      finish(outcome);
      this.#activity.leave();
    });
  }

  #refresh(instanceId: string): void {
    if (this.world === undefined) return;
    if (instanceId === this.world.config.host.instanceId) this.#files.refreshHost(this.world);
    else this.#files.refreshBuilder(this.world, instanceId);
  }
}
