/** The schedule and EC2's events, as punctual and as faithful as the weather allows. */
import type { RegionEvent } from '../../world/region/observers.ts';
import type { FaultyStage } from './faulty-stage.ts';

const TICK = { tick: true };
const HOUR_SECONDS = 3600;
const EVENT_LATE_SECONDS: readonly [number, number] = [30, 1200];
/** EventBridge Scheduler fires within the minute (AWS: docs/develop/facts.md#eventbridge-scheduler-precision). */
const JITTER_SECONDS = 3;

/** What befalls events, by who sends them. */
const OF_EC2 = { lost: 'event-lost', late: 'event-late', doubled: 'event-doubled' } as const;
const OF_THE_WATCH = {
  lost: 'watch-event-lost',
  late: 'watch-event-late',
  doubled: 'watch-event-doubled',
} as const;

export class WakeUps {
  readonly #stage: FaultyStage;
  readonly #periodSeconds: number;
  #stopped = false;

  constructor(stage: FaultyStage) {
    this.#stage = stage;
    this.#periodSeconds = stage.world.config.schedulePeriodSeconds;
  }

  start(): void {
    const { world } = this.#stage;
    world.region.observe({
      event: (event) => {
        this.#event(event);
      },
    });
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#stage.lambda.stop();
  }

  #schedule(): void {
    if (this.#stopped) return;
    const { chaos, world } = this.#stage;
    const luck = chaos.luckOf('tick-late');
    if (!chaos.strikes('tick-lost')) {
      const late = chaos.strikes('tick-late')
        ? luck.between(60, HOUR_SECONDS)
        : luck.between(0, JITTER_SECONDS);
      const times = 1 + Number(chaos.strikes('tick-doubled')) + 2 * Number(chaos.strikes('tick-tripled'));
      for (let i = 0; i < times; i++) this.#send(TICK, late);
      if (chaos.strikes('tick-doubled-same-id')) this.#deliverTwice(late);
    }
    world.timeline.after(this.#periodSeconds, () => {
      this.#schedule();
    });
  }

  /** Lambda's queue delivers one event twice, a look apart. */
  #deliverTwice(afterSeconds: number): void {
    const { chaos, world } = this.#stage;
    const requestId = `twice-${Math.round(world.timeline.now)}`;
    const apart = chaos.luckOf('tick-doubled-same-id').between(0.2, 4);
    this.#send(TICK, afterSeconds, requestId);
    this.#send(TICK, afterSeconds + apart, requestId);
  }

  #event(event: RegionEvent): void {
    const { chaos } = this.#stage;
    const { lost, late, doubled } = event.source === 'aws.ssm' ? OF_THE_WATCH : OF_EC2;
    if (chaos.strikes(lost)) return;
    const seconds = chaos.strikes(late) ? chaos.luckOf(late).between(...EVENT_LATE_SECONDS) : 0;
    this.#send(event, seconds);
    if (chaos.strikes(doubled)) this.#send(event, seconds + chaos.luckOf(doubled).between(0, 60));
  }

  #send(event: unknown, afterSeconds: number, requestId?: string): void {
    this.#stage.world.timeline.after(afterSeconds, () => {
      if (!this.#stopped) void this.#stage.lambda.invoke(event, requestId);
    });
  }
}
