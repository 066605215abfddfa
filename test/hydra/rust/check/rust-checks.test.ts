/** The rules on plans for the Rust queue runner: what it may not do is caught, whatever made the plan. */
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../../lambdas/core/check/check-plan.ts';
import type { Drain, Machine, QueueMachine } from '../../../../lambdas/core/model/index.ts';
import { rustChecks } from '../../../../lambdas/hydra/rust/check/checks.ts';
import { ends } from '../../../core/check/bad-plans.ts';
import { LINUX, NOW, aConfig, aType, lacking, sightingAt } from '../../../core/given.ts';
import { ID, QUIET, aBuilder, aDialled, dialledAt, drainingAs, rustPlan, seenWith } from '../plans.ts';

const PAUSED = { kind: 'protect', instanceId: ID, at: NOW - 1000 } as const;
const CONFIG = dialledAt(aConfig([aType(LINUX, { minMachines: 1 })]));

/** What a plan breaks that ends the machine although a person protects it and it breaks nothing by itself. */
function endingBreaks(machine: Machine, shown: QueueMachine | undefined): readonly string[] {
  const observation = seenWith(machine, { shown });
  const held = { ...observation, state: { ...observation.state, orders: [PAUSED] } };
  const good = rustPlan(held, CONFIG);
  expect(checkPlan(rustChecks, CONFIG, held, good)).toEqual([]);
  return checkPlan(rustChecks, CONFIG, held, { ...good, ...ends(good) });
}

const closed = (changed: Partial<QueueMachine> = {}) => aDialled({ offered: false, ...changed });
const CLEAR: Drain = { ...QUIET, clear: sightingAt(NOW - 40) };

describe('a plan that ends a machine', () => {
  it('breaks nothing with all evidence of its drain', () => {
    expect(endingBreaks(drainingAs(CLEAR), closed())).toEqual([]);
    expect(endingBreaks(drainingAs(QUIET), closed())).toEqual([]);
  });

  it.each([
    ['open', { offered: true }],
    ['at work', { currentJobs: 1, busySteps: 1 }],
  ])('is caught while it is %s', (_what, shown) => {
    expect(endingBreaks(drainingAs(CLEAR), closed(shown)).join()).toContain(
      'rule 2: would terminate i-00000001: the queue status shows it offered or busy',
    );
  });

  it('is caught while it is known by its instance id alone', () => {
    expect(endingBreaks(lacking(drainingAs(CLEAR), 'address'), closed({ currentJobs: 1 })).join()).toContain(
      'shows it offered or busy',
    );
  });

  it('is caught before it was closed', () => {
    expect(endingBreaks(aBuilder(), aDialled()).join()).toContain('that it is withdrawn was not verified');
  });

  it('is caught while a step on it has a row in the database', () => {
    expect(endingBreaks(drainingAs(QUIET), closed({ busySteps: 1 })).join()).toContain(
      'outputs may still be fetched from it',
    );
  });

  it.each([
    [599, { idleSince: NOW - 599 }, false],
    [600, { idleSince: NOW - 600 }, true],
  ])('may leave a row behind that outlasts its last job by %i s', (_seconds, shown, isFine) => {
    const broken = endingBreaks(drainingAs(QUIET), closed({ busySteps: 1, ...shown }));
    expect(broken.length === 0).toBe(isFine);
  });

  it('may take what has hung up for half a minute for idle, and nothing before', () => {
    const missingFor = (seconds: number) =>
      endingBreaks(drainingAs({ ...QUIET, missing: sightingAt(NOW - seconds) }), undefined);
    expect(endingBreaks(drainingAs(QUIET), undefined).join()).toContain('may leave it out for a moment only');
    expect(missingFor(29).join()).toContain('may leave it out for a moment only');
    expect(missingFor(30)).toEqual([]);
  });

  it('may take what has not been heard of for three minutes for gone, and nothing before', () => {
    const silentFor = (seconds: number) =>
      endingBreaks(
        drainingAs({ ...CLEAR, missing: sightingAt(NOW - 30) }),
        aDialled({ offered: true, currentJobs: 1, busySteps: 1, heardAt: NOW - seconds }),
      );
    expect(silentFor(180).join()).toContain('shows it offered or busy');
    expect(silentFor(181)).toEqual([]);
  });
});

it('a launch for the other queue runner is caught', () => {
  const observation = seenWith(aBuilder(), {
    shown: aDialled({ currentJobs: 1, busySteps: 1 }),
    status: { demand: [{ key: LINUX, system: LINUX, features: [], runnable: 9, running: 1 }] },
  });
  const plan = rustPlan(observation, CONFIG);
  expect(checkPlan(rustChecks, CONFIG, observation, plan)).toEqual([]);
  const actions = plan.actions.map((action) =>
    action.kind === 'launch' ? { ...action, launch: lacking(action.launch, 'runner') } : action,
  );
  expect(checkPlan(rustChecks, CONFIG, observation, { ...plan, actions }).join()).toContain(
    'for another queue runner than the host has',
  );
});
