/** A region to try things in: exact times, no hiding, scripts that answer what the test says. */
import { Random } from '../../../local/world/random.ts';
import type { RegionInstance } from '../../../local/world/region/instance.ts';
import type { LaunchParameters } from '../../../local/world/region/launch-parameters.ts';
import type { RunRequest } from '../../../local/world/region/launcher.ts';
import { Region } from '../../../local/world/region/region.ts';
import type { RegionSettings } from '../../../local/world/region/settings.ts';
import type { Executor, ScriptJob, ScriptOutcome } from '../../../local/world/region/ssm/executor.ts';
import { Timeline } from '../../../local/world/timeline.ts';

export const START = 1_800_000_000;
export const HOST = 'mi-0123456789abcdef0';
export const X86_IMAGE = 'ami-02222222222222222';
export const SUBNET_A = 'subnet-0aaaaaaaaaaaaaaaa';
export const SUBNET_B = 'subnet-0bbbbbbbbbbbbbbbb';

/** Times without chance: 18 s to running, 20 s more to sshd, 60 s more to SSM, 30 s to stop or end. */
export const EXACT: Partial<RegionSettings> = {
  pendingSeconds: [18, 18],
  sshSeconds: [20, 20],
  stoppingSeconds: [30, 30],
  shuttingDownSeconds: [30, 30],
  hiddenSeconds: [0, 0],
  consoleSeconds: [40, 40],
  ssmRegistrationSeconds: [60, 60],
  ssmDeliverySeconds: [1, 1],
  ssmHiddenSeconds: [0.5, 0.5],
};
/** Seconds from launch to sshd. */
export const BOOT_SECONDS = 38;

/** Scripts run until the test ends them; those for which `reply` has an outcome end at once. */
export class FakeExecutor implements Executor {
  readonly jobs: ScriptJob[] = [];
  readonly killed: string[] = [];
  reply: ((job: ScriptJob) => ScriptOutcome | undefined) | undefined;
  readonly #finishers: ((outcome: ScriptOutcome) => void)[] = [];

  run(job: ScriptJob, finish: (outcome: ScriptOutcome) => void): () => void {
    this.jobs.push(job);
    const outcome = this.reply?.(job);
    if (outcome !== undefined) finish(outcome);
    else this.#finishers.push(finish);
    return () => {
      this.killed.push(job.instanceId);
      finish({ kind: 'killed', stdout: 'so far\n', stderr: '' });
    };
  }

  /** Ends the scripts that are running. */
  end(outcome: ScriptOutcome): void {
    for (const finish of this.#finishers.splice(0)) finish(outcome);
  }
}

export const exited = (exitCode: number, stdout = '', stderr = ''): ScriptOutcome => ({
  kind: 'exited',
  exitCode,
  stdout,
  stderr,
});

export class RegionBench {
  readonly timeline = new Timeline(START);
  readonly executor = new FakeExecutor();
  readonly region: Region;

  constructor(settings: Partial<RegionSettings> = {}) {
    this.region = new Region({
      timeline: this.timeline,
      random: new Random(1),
      executor: this.executor,
      settings: { ...EXACT, ...settings },
      nodes: [{ instanceId: HOST, name: 'hydra', tags: { role: 'hydra' } }],
    });
  }

  advance(seconds: number): void {
    this.timeline.advanceTo(this.timeline.now + seconds);
  }

  run(parameters: LaunchParameters = {}, request: Partial<RunRequest> = {}): readonly RegionInstance[] {
    const all = { imageId: X86_IMAGE, instanceType: 'c7i.large', ...parameters };
    return this.region.launcher.run({ minCount: 1, maxCount: 1, ...request, parameters: all }).instances;
  }

  runOne(parameters: LaunchParameters = {}, request: Partial<RunRequest> = {}): RegionInstance {
    const [instance] = this.run(parameters, request);
    if (instance === undefined) throw new Error('nothing was launched');
    return instance;
  }
}

/** The code of the refusal that `act` meets; `none` when it is carried out. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `not a refusal: ${String(error)}`;
  }
  return 'none';
}
