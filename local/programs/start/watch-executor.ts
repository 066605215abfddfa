/**
 * The watch on a stage that is served. It waits in virtual time, which would stand still while a script does; the look that
 * finds something is the script's own.
 */
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import type { Kill, ScriptJob, ScriptOutcome } from '../../world/region/ssm/executor.ts';
import { soughtIn } from '../../world/watch-look.ts';
import { WATCH_DOCUMENT } from '../../world/watches.ts';
import type { WatchRun } from '../../world/watches.ts';
import type { World } from '../../world/world.ts';

type Run = (job: ScriptJob, finish: (outcome: ScriptOutcome) => void) => Kill;

/** Runs `job` if it is the watch; undefined where it is anything else. @param look really runs a script. */
export function runWatch(
  world: World,
  job: ScriptJob,
  finish: (outcome: ScriptOutcome) => void,
  look: Run,
): Kill | undefined {
  const { document, parameters } = world.region.ssm.commands.require(job.commandId);
  if (document.name !== WATCH_DOCUMENT) return undefined;
  let isOver = false;
  const end = (outcome: ScriptOutcome): void => {
    if (!isOver) finish(outcome);
    isOver = true;
  };
  let killLook: Kill = () => undefined;
  const stop = world.watches.start(runOf(parameters), (found) => {
    if (isOver) return;
    if (found === undefined)
      end({ kind: 'exited', exitCode: 75, stdout: '', stderr: 'hydra-autoscaler: nothing has happened\n' });
    else killLook = look(atOnce(job), end);
  });
  return () => {
    stop();
    killLook();
    end({ kind: 'killed', stdout: '', stderr: '' });
  };
}

function runOf(parameters: Readonly<Record<string, readonly string[]>>): WatchRun {
  const of = (name: string): string => parameters[name]?.[0] ?? '';
  const runner: RunnerKind = of('runner') === 'rust' ? 'rust' : 'cpp';
  const lines = Buffer.from(of('watched'), 'base64').toString();
  return {
    sought: soughtIn(runner, Number(of('since')), lines),
    ...{ turn: Number(of('turn')), seconds: Number(of('seconds')), delaySeconds: Number(of('delay')) },
  };
}

/** Its next look, and no more. */
const atOnce = (job: ScriptJob): ScriptJob => ({
  ...job,
  script: job.script.replace(/^(delay|lasts)='\d+'$/gm, "$1='0'"),
});
