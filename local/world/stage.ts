/** A farm as it is played: a world in virtual time, and the function in it with its clock, its schedule and its host's file. */
import { setImmediate } from 'node:timers/promises';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import type { Activity } from './drive/activity.ts';
import { drive } from './drive/drive.ts';
import type { DriveTerms } from './drive/drive.ts';
import { answerOf, Lambda } from './drive/lambda.ts';
import type { Invoke } from './drive/lambda.ts';
import { VirtualClock } from './drive/virtual-clock.ts';
import { MachinesFileInMemory } from './queue-runner/machines-file.ts';
import type { MachinesFileSource } from './queue-runner/machines-file.ts';
import { Timeline } from './timeline.ts';
import { World } from './world.ts';
import type { WorldOptions } from './world.ts';

export interface StageOptions<File> extends Omit<WorldOptions, 'timeline' | 'machinesFile'> {
  /** The first instant, in epoch seconds. */
  readonly start: number;
  /** Our machines file on the Hydra host. */
  readonly file: (timeline: Timeline) => File;
  /** What tells when time may pass. */
  readonly activity: Activity;
  /** The function. */
  readonly invoke: Invoke;
}

/** A file in memory that says `text` at first. */
export const fileInMemory =
  (text = '') =>
  (timeline: Timeline): MachinesFileInMemory =>
    new MachinesFileInMemory(() => timeline.now, text);

export class Stage<File extends MachinesFileSource = MachinesFileInMemory> {
  /** Its configuration and its judge are the farm's. */
  readonly world: World;
  readonly file: File;
  readonly activity: Activity;
  /** By which the function sleeps. */
  readonly clock: VirtualClock;
  /** Invokes the function; the schedule is not started yet. */
  readonly lambda: Lambda;

  constructor({ start, file, activity, invoke, ...options }: StageOptions<File>) {
    const timeline = new Timeline(start);
    this.file = file(timeline);
    this.activity = activity;
    const world = new World({ ...options, timeline, machinesFile: this.file });
    this.world = world;
    this.clock = new VirtualClock(timeline, activity);
    this.lambda = new Lambda({
      timeline,
      activity,
      invoke,
      get periodSeconds() {
        return world.config.schedulePeriodSeconds;
      },
    });
  }

  /** Now, in epoch seconds. */
  get now(): number {
    return this.world.timeline.now;
  }

  /** Lets time pass, and whatever happens in it. */
  pass(seconds: number, terms?: DriveTerms): Promise<void> {
    return drive(this.world.timeline, this.activity, this.now + seconds, terms);
  }

  /**
   * Sends the function an event and lets `seconds` pass, in which it has to answer.
   * @throws what the function threw, and where it has not answered by then: virtual time stands still afterwards.
   */
  async ask(event: unknown, seconds: number): Promise<Answer> {
    const invoked = this.lambda.invoke(event);
    await this.pass(seconds);
    const ended = await Promise.race([invoked, setImmediate()]);
    if (ended === undefined) throw new Error(`no answer within ${seconds} s to ${JSON.stringify(event)}`);
    return answerOf(ended);
  }

  /** From now on EC2's events wake the function, as the event rules do, and so does the schedule: first at once. */
  startFunction(): void {
    this.world.region.observe({
      event: (event) => {
        this.lambda.deliver(event);
      },
    });
    this.lambda.startSchedule();
  }
}
