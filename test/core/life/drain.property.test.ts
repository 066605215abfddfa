/**
 * Rule 2 against the truth: farms tick after tick beside a queue runner whose every step is known. Statuses fail, the
 * runner restarts, publications fail, clocks disagree by minutes; no machine at work ever ends, and all end at last.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import type { FarmState, Instance, Machine } from '../../../lambdas/core/model/index.ts';
import { confirmOffers } from '../../../lambdas/core/life/offering.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { cppLife } from '../../../lambdas/hydra/cpp/life/life.ts';
import { HOST_KEY, LINUX, NOW, TEMPLATE, aConfig, aType, anObservation, untrusted } from '../given.ts';
import { ToyRunner } from '../../fakes/toy-runner.ts';
import { runs } from '../../needs.ts';
import type { StatusOptions } from '../../fakes/toy-runner.ts';

const MAX_JOBS = 2;

const arbitraryStep = fc.record({
  seconds: fc.constantFrom(1, 5, 15, 20, 31, 300),
  polls: fc.boolean(),
  dispatches: fc.boolean(),
  finishes: fc.boolean(),
  copySeconds: fc.constantFrom(0, 4, 40),
  restarts: fc.boolean().chain((one) => fc.boolean().map((other) => one && other)),
  isBlind: fc.boolean().chain((one) => fc.boolean().map((other) => one && other)),
  publishFails: fc.boolean().chain((one) => fc.boolean().map((other) => one && other)),
  asksMachines: fc.boolean(),
  runnable: fc.constantFrom(0, 0, 0, 1, 3),
  tellsCopies: fc.boolean(),
  copiesElsewhere: fc.constantFrom(0, 0, 2),
  isTorn: fc.boolean(),
});
type Step = typeof arbitraryStep extends fc.Arbitrary<infer T> ? T : never;

const arbitraryLife = fc.record({
  skew: fc.integer({ min: -600, max: 600 }),
  billing: fc.constantFrom('hourly', 'per-second'),
  stopOnIdle: fc.boolean(),
  steps: fc.array(arbitraryStep, { minLength: 10, maxLength: 60 }),
});
type Life = typeof arbitraryLife extends fc.Arbitrary<infer T> ? T : never;

const QUIET_STEP: Step = {
  seconds: 31,
  polls: true,
  dispatches: false,
  finishes: true,
  copySeconds: 0,
  restarts: false,
  isBlind: false,
  publishFails: false,
  asksMachines: true,
  runnable: 0,
  tellsCopies: true,
  copiesElsewhere: 0,
  isTorn: false,
};

class ToyFarm {
  readonly instances = new Map<string, Instance>();
  readonly #life: Life;
  readonly #runner: ToyRunner;
  #now = NOW;
  #state: FarmState = { farm: { backOffs: [] }, machines: [], launches: [], floors: [] };
  #file: ReadonlySet<string> = new Set();
  #count = 0;
  #ticks = 0;

  constructor(life: Life) {
    this.#life = life;
    this.#runner = new ToyRunner(NOW + life.skew);
  }

  step(step: Step): void {
    this.#now += step.seconds;
    const hostNow = this.#now + this.#life.skew;
    this.#runner.advance(hostNow, this.#file, step.polls);
    if (step.restarts) this.#runner.restart(hostNow, this.#file);
    if (step.finishes) this.#runner.finish(hostNow, step.copySeconds);
    if (step.dispatches) this.#runner.dispatch(MAX_JOBS);
    this.#tick(step, hostNow);
  }

  #tick(step: Step, hostNow: number): void {
    const { billing, stopOnIdle } = this.#life;
    const config = aConfig([aType(LINUX, { maxJobs: MAX_JOBS, maxMachines: 3, billing, stopOnIdle })]);
    const options: StatusOptions = step;
    const observation = anObservation({
      ...this.#state,
      now: this.#now,
      instances: [...this.instances.values()],
      queue: step.isBlind ? untrusted() : this.#runner.status(hostNow, options),
      readiness: this.#state.machines.map(({ instanceId }) => ({ instanceId, reached: true, detail: '' })),
      identities: new Map([...this.instances.keys()].map((id) => [id, HOST_KEY])),
      storeUse: new Map(
        step.asksMachines
          ? [...this.instances.keys()].map((id) => [id, this.#isQuiet(id) ? 'quiet' : 'serving'])
          : [],
      ),
    });
    this.#ticks += 1;
    const plan = makePlan(cppLife, config, observation, (n) => `launch-${this.#ticks}-${n}`);
    expect(checkPlan(cppChecks, config, observation, plan)).toEqual([]);
    for (const action of plan.actions) {
      if (action.kind === 'launch')
        for (let n = 0; n < action.launch.count; n++) this.#launch(action.launch.id);
      else this.#act(action.kind, action.instanceId);
    }
    const seen = { at: this.#now, hostAt: hostNow };
    const offered = plan.offers.map(({ machine }) => machine);
    const ids = new Set(offered.map(({ instanceId }) => instanceId));
    const machines = step.publishFails ? plan.machines : confirmOffers(plan.machines, ids, { seen });
    if (!step.publishFails) this.#file = new Set(offered.map(({ address }) => address ?? ''));
    this.#state = {
      ...this.#state,
      farm: plan.farm,
      machines: machines.filter(({ phase }) => phase !== 'terminating'),
    };
  }

  #isQuiet(id: string): boolean {
    return this.#runner.builders.get(this.instances.get(id)?.address ?? '')?.copies.length === 0;
  }

  #launch(launchId: string): void {
    this.#count += 1;
    const instanceId = `i-0000${1000 + this.#count}`;
    const address = `10.0.0.${this.#count}`;
    const instance: Instance = {
      instanceId,
      state: 'running',
      type: LINUX,
      launchId,
      templateId: TEMPLATE.id,
      address,
      startedAt: this.#now,
      market: 'on-demand',
      interrupted: false,
    };
    this.instances.set(instanceId, instance);
  }

  #act(kind: 'start' | 'stop' | 'terminate', id: string): void {
    const instance = this.instances.get(id);
    if (instance === undefined) return;
    if (kind !== 'start' && this.#runner.isAtWork(instance.address ?? ''))
      throw new Error(`${kind} ${id}, which is at work`);
    if (kind === 'terminate') this.instances.delete(id);
    else
      this.instances.set(id, {
        ...instance,
        state: kind === 'stop' ? 'stopped' : 'running',
        startedAt: this.#now,
      });
  }

  get machines(): readonly Machine[] {
    return this.#state.machines;
  }
}

describe('a farm beside a queue runner', () => {
  it('ends nobody at work, and at last everybody who is not needed', () => {
    fc.assert(
      fc.property(arbitraryLife, (life) => {
        const farm = new ToyFarm(life);
        for (const step of life.steps) farm.step(step);
        // Two hours of peace: every paid hour comes to its end, every drain finds its evidence.
        for (let seconds = 0; seconds < 2 * 3600 + 600; seconds += QUIET_STEP.seconds) farm.step(QUIET_STEP);
        const running = [...farm.instances.values()].filter(({ state }) => state === 'running');
        expect(running).toEqual([]);
      }),
      runs(150),
    );
  });
});
