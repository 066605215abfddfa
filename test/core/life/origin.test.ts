/** Which are ours: EC2's own marks say so, tags never do. */
import { describe, expect, it } from 'vitest';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import type { Instance, KnownTemplate } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import { knownTemplates, templatesToAskFor } from '../../../lambdas/core/life/origin.ts';
import {
  ADDRESS,
  LINUX,
  TEMPLATE,
  aConfig,
  aLaunch,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  actionsIn,
  anInstance,
  anObservation,
  lacking,
  onlyMachine,
  planFor,
  saidOf,
  untrusted,
  problemsIn,
} from '../given.ts';

const NEEDED = aConfig([aType(LINUX, { minMachines: 1, maxMachines: 1, launchTemplate: TEMPLATE.name })]);
const ID = 'i-00000001';
const unmarked = lacking(anInstance({ launchId: 'launch-9' }), 'templateId');

/** As a plan would be that launches all the same. */
const launching = (plan: Plan): Pick<Plan, 'launches' | 'actions'> => {
  const launch = aLaunch({ id: 'new-0', count: 1 });
  return { launches: [launch], actions: [...plan.actions, { kind: 'launch', launch, reason: 'needed' }] };
};

describe('an instance that bears our tag', () => {
  it.each<[string, Instance]>([
    ['by no launch template', unmarked],
    ['from a launch template of somebody else', { ...unmarked, templateId: 'lt-theirs' }],
  ])('and was launched %s counts, is told, and nothing is done to it', (_how, instance) => {
    const observation = anObservation({
      instances: [instance],
      queue: aStatus({ machines: [aQueueMachine({ offered: false })] }),
    });
    const plan = planFor(observation, NEEDED);
    expect([
      plan.machines,
      actionsIn(plan),
      plan.offers.filter(({ machine: { address } }) => address === ADDRESS),
    ]).toEqual([[], [], []]);
    expect(saidOf(plan, ID)).toContain(told.leftAlone({ kind: 'stranger' }));
    expect(saidOf(plan, LINUX)).toContain(told.atTypeCap(1));
    expect(problemsIn(plan)).toEqual([problemInWords(told.stranger(ID, 'farm'))]);
    expect(checkPlan(cppChecks, NEEDED, observation, plan)).toEqual([]);
  });

  it('goes on counting while EC2 does not show it, until EC2 denies it or it bears the tag no more', () => {
    const first = planFor(anObservation({ instances: [unmarked] }), NEEDED);
    expect(first.farm.unrecorded).toEqual([{ instanceId: ID, type: LINUX }]);
    const { farm } = first;
    const hidden = anObservation({ farm });
    const plan = planFor(hidden, NEEDED);
    expect([actionsIn(plan), plan.farm.unrecorded]).toEqual([[], farm.unrecorded]);
    expect(saidOf(plan, ID)).toContain(told.leftAlone({ kind: 'hidden' }));
    expect(checkPlan(cppChecks, NEEDED, hidden, { ...plan, ...launching(plan) }).join()).toContain(
      'would exceed',
    );
    for (const gone of [
      { denied: new Set([ID]) },
      { instances: [{ ...unmarked, untagged: true as const }] },
      { instances: [{ ...unmarked, state: 'terminated' as const }] },
    ]) {
      const after = planFor(anObservation({ farm, ...gone }), NEEDED);
      expect([actionsIn(after), after.farm.unrecorded]).toEqual([[`launch 1 ${LINUX}`], undefined]);
    }
  });

  it('and waited to be taken in goes on to do so when it lost its tag meanwhile', () => {
    const waiting = planFor(anObservation({ instances: [anInstance()], queue: untrusted() }), NEEDED);
    expect([waiting.machines, waiting.farm.unrecorded]).toEqual([[], [{ instanceId: ID, type: LINUX }]]);
    const instances = [anInstance({ untagged: true })];
    const found = planFor(anObservation({ farm: waiting.farm, instances }), NEEDED);
    expect(found.machines).toMatchObject([{ instanceId: ID, untagged: true }]);
    expect(found.farm.unrecorded).toBeUndefined();
  });

  it('is nobody’s while EC2 cannot be asked for launch templates, and adopted as soon as it can', () => {
    const instances = [anInstance()];
    const unasked = planFor(lacking(anObservation({ instances }), 'templates'), NEEDED);
    expect([unasked.machines, actionsIn(unasked), unasked.problems]).toEqual([[], [], []]);
    expect(saidOf(unasked, ID)).toContain(told.leftAlone({ kind: 'unasked' }));
    expect(saidOf(unasked, LINUX)).toContain(told.atTypeCap(1));
    expect(onlyMachine(planFor(anObservation({ instances }), NEEDED))).toMatchObject({ phase: 'booting' });
  });

  it('is ours when its template was a type’s once and is not asked for any more', () => {
    const farm = { backOffs: [], templates: [TEMPLATE] };
    const observation = lacking(anObservation({ instances: [anInstance()], farm }), 'templates');
    expect(planFor(observation, aConfig([])).machines).toHaveLength(1);
  });

  it('is believed with a record, whatever EC2 calls its template: its launch was answered', () => {
    const observation = anObservation({
      machines: [aMachine()],
      instances: [{ ...anInstance(), templateId: 'lt-deleted-since' }],
    });
    expect(onlyMachine(planFor(observation, NEEDED))).toMatchObject({ phase: 'ready' });
  });

  it('may not be adopted by any plan unless it is marked', () => {
    const observation = anObservation({ instances: [unmarked] });
    const plan = planFor(observation, NEEDED);
    const adopted = { ...plan, machines: [aMachine({ offered: undefined as never })] };
    expect(checkPlan(cppChecks, NEEDED, observation, adopted).join('; ')).toContain('would adopt i-00000001');
  });
});

describe('the launch templates EC2 is asked for', () => {
  const { state } = anObservation({ farm: { backOffs: [], templates: [TEMPLATE] } });

  it('are all of them as long as one is not known', () => {
    const other = aType('aarch64-linux', { launchTemplate: 'other' });
    const config = aConfig([...NEEDED.machineTypes, other]);
    expect(templatesToAskFor(config, state, [])).toEqual([TEMPLATE.name, 'other']);
    expect(templatesToAskFor(NEEDED, state, [])).toEqual([]);
  });

  it('are asked for again for an instance from one nobody knows, unless it is remembered or gone', () => {
    const strange = { ...anInstance(), templateId: 'lt-new' };
    expect(templatesToAskFor(NEEDED, state, [strange])).toEqual([TEMPLATE.name]);
    expect(templatesToAskFor(NEEDED, state, [{ ...strange, state: 'terminated' }])).toEqual([]);
    expect(templatesToAskFor(NEEDED, state, [anInstance(), unmarked])).toEqual([]);
    const recorded = { ...state, machines: [aMachine()] };
    expect(templatesToAskFor(NEEDED, recorded, [strange])).toEqual([]);
  });

  it('are remembered by the plan, also one that was made anew under its name, and not without end', () => {
    const anew: KnownTemplate = { ...TEMPLATE, id: 'lt-anew' };
    const observation = { ...anObservation(), state, templates: [anew] };
    expect(planFor(observation, NEEDED).farm.templates).toEqual([TEMPLATE, anew]);
    const many = Array.from({ length: 150 }, (_, n) => ({ name: `t${n}`, id: `lt-${n}` }));
    expect(knownTemplates({ state, templates: many })).toHaveLength(100);
    expect(knownTemplates({ state, templates: many }).at(-1)).toEqual({ name: 't149', id: 'lt-149' });
  });
});
