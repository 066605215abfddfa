/** One run of the farm in its world: the schedule ticks, builds arrive, samples are taken, until the time is over. */
import type { Invocation } from '../../world/drive/lambda.ts';
import type { Pace } from '../../world/drive/drive.ts';
import type { Workload } from '../../world/workload.ts';
import { applyFaults } from './faults.ts';
import { Recorder } from './recorder.ts';
import type { ServedStage } from './served-stage.ts';

export interface RunOptions {
  readonly served: Pick<ServedStage, 'stage' | 'store'>;
  readonly workload: Workload;
  readonly hours: number;
  readonly faults: readonly string[];
  readonly pace: Pace;
  readonly isStopped: () => boolean;
  /** Told of every sample and of every invocation's end. */
  readonly show: (recorder: Recorder, ended?: Invocation) => void;
}

/** Builds arrive this long after the deployment, in seconds: the first tick has announced the placeholders by then. */
const WARM_UP_SECONDS = 120;
const SAMPLE_SECONDS = 60;
const SPOT_WARNING = 'EC2 Spot Instance Interruption Warning';

/** Returns what was recorded. Everything is left standing. */
export async function run(options: RunOptions): Promise<Recorder> {
  const { served, workload, hours, pace, isStopped, show } = options;
  const { stage, store } = served;
  const { world, activity, lambda } = stage;
  const { timeline } = world;
  const recorder = new Recorder(world, store);
  lambda.onEnd((invocation) => {
    recorder.ended(invocation);
    show(recorder, invocation);
  });
  const end = stage.now + hours * 3600;
  world.runner.start();
  world.region.observe({
    event: (event) => {
      if (event['detail-type'] === SPOT_WARNING)
        recorder.wentWrong(`AWS takes ${event.detail['instance-id'] ?? 'a machine'}`);
    },
  });
  applyFaults(world, options.faults, (what) => {
    recorder.wentWrong(what);
  });
  timeline.after(WARM_UP_SECONDS, () => {
    world.schedule(workload);
  });
  stage.startFunction();
  const sampling = (): void => {
    void activity.during(async () => {
      await recorder.sample();
      show(recorder);
    });
    if (stage.now + SAMPLE_SECONDS <= end) timeline.after(SAMPLE_SECONDS, sampling);
  };
  sampling();
  await stage.pass(hours * 3600, { pace, isStopped });
  lambda.stop();
  await recorder.sample();
  return recorder;
}
