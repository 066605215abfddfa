/** One run of the farm in its world: the schedule ticks, builds arrive, samples are taken, until the time is over. */
import { Lambda, outcomeOf } from '../../world/drive/lambda.ts';
import type { Invocation } from '../../world/drive/lambda.ts';
import { drive } from '../../world/drive/drive.ts';
import type { Pace } from '../../world/drive/drive.ts';
import type { Workload } from '../../world/workload.ts';
import { applyFaults } from './faults.ts';
import { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';

export interface RunOptions {
  readonly stage: Stage;
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

/** Returns what was recorded. The stage is left standing. */
export async function run(options: RunOptions): Promise<Recorder> {
  const { stage, workload, hours, pace, isStopped, show } = options;
  const { world, activity } = stage;
  const { timeline } = world;
  const recorder = new Recorder(world, stage.store);
  const handler = stage.makeHandler();
  const lambda = new Lambda({
    timeline,
    activity,
    periodSeconds: world.config.schedulePeriodSeconds,
    invoke: (event, awsRequestId, remaining) =>
      handler(event, { awsRequestId, getRemainingTimeInMillis: () => remaining() * 1000 }),
    ended: (invocation) => {
      recorder.ended(invocation);
      show(recorder, invocation);
    },
  });
  stage.serveFunction(async (event) => outcomeOf(await lambda.invoke(event)));
  const end = timeline.now + hours * 3600;
  world.runner.start();
  world.region.observe({
    event: (event) => {
      if (event['detail-type'] === SPOT_WARNING)
        recorder.wentWrong(`AWS takes ${event.detail['instance-id'] ?? 'a machine'}`);
      lambda.deliver(event);
    },
  });
  applyFaults(world, options.faults, (what) => {
    recorder.wentWrong(what);
  });
  timeline.after(WARM_UP_SECONDS, () => {
    world.schedule(workload);
  });
  lambda.startSchedule();
  const sampling = (): void => {
    void activity.during(async () => {
      await recorder.sample();
      show(recorder);
    });
    if (timeline.now + SAMPLE_SECONDS <= end) timeline.after(SAMPLE_SECONDS, sampling);
  };
  sampling();
  await drive(timeline, activity, end, { pace, isStopped });
  lambda.stop();
  await recorder.sample();
  return recorder;
}
