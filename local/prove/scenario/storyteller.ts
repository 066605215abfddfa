/** Tells people a scenario as it goes: what the story makes happen, what the world does, what the function does about it. */
import type { Decision } from '../../../lambdas/core/model/index.ts';
import type { World } from '../../world/world.ts';
import type { ScenarioEvent } from './scenario.ts';
import { buildsText, eventText, instanceText } from './tell.ts';
import type { Line, Teller } from './tell.ts';

export type Tell = (line: Line) => void;

export class Storyteller {
  readonly #world: World;
  readonly #start: number;
  readonly #tell: Tell;
  readonly #verdicts = new Map<string, string>();
  #builds = '';
  #violations = 0;

  constructor(world: World, tell: Tell) {
    this.#world = world;
    this.#start = world.timeline.now;
    this.#tell = tell;
    world.region.observe({
      state: (instance, state) => {
        this.#say('AWS', instanceText(instance, state));
      },
    });
  }

  event(event: ScenarioEvent): void {
    this.#say('story', eventText(event));
  }

  ended(event: ScenarioEvent): void {
    this.#say('story', `${event.do} is over`);
  }

  /** What the function makes of a machine or a type is told when it differs from before. */
  decided({ subject, verdict, reason }: Decision): void {
    const name = 'machine' in subject ? subject.machine : subject.type;
    if (this.#verdicts.get(name) === verdict) return;
    this.#verdicts.set(name, verdict);
    this.#say('function', `${name} ${verdict}: ${reason}`);
  }

  /** Problems that were not told before. */
  problems(texts: readonly string[]): void {
    for (const text of texts) this.#say('function', `problem: ${text}`);
  }

  /** To be called now and then. */
  look(): void {
    const { ledger, judge } = this.#world;
    const builds = buildsText(ledger);
    if (ledger.queued > 0 && builds !== this.#builds) this.#say('Hydra', builds);
    this.#builds = builds;
    for (const { rule, what } of judge.violations.slice(this.#violations))
      this.#say('judge', `rule ${rule} is broken: ${what}`);
    this.#violations = judge.violations.length;
  }

  #say(who: Teller, text: string): void {
    this.#tell({ at: this.#world.timeline.now - this.#start, who, text });
  }
}
