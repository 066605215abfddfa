/** What becomes of a plan's actions on EC2, one refusal at a time. */
import { describe, expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import type { Observation, Pool } from '../../lambdas/core/model/index.ts';
import { afterCalls } from '../../lambdas/core/plan/after-calls.ts';
import type { Outcome } from '../../lambdas/core/plan/after-calls.ts';
import type { Plan } from '../../lambdas/core/plan/plan.ts';
import { sendActions } from '../../lambdas/reconcile/act.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aLaunch,
  aMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  steps,
} from '../core/given.ts';
import { COMPLETE } from '../core/plan/farm-of.ts';
import { FakeFleet, refusal } from '../fakes/fleet.ts';
import { ImpatientClock } from '../fakes/impatient-clock.ts';

const SPOT = aConfig([
  aType(LINUX, { market: 'spot-then-on-demand', subnets: ['subnet-00000001', 'subnet-00000002'] }),
]);

function benchFor(observation: Observation, config: Config = aConfig()) {
  const fleet = new FakeFleet(new ImpatientClock(NOW));
  for (const instance of observation.instances) fleet.add(instance);
  const plan = planFor(observation, config);
  return {
    fleet,
    plan,
    carryOut: (unsaved: readonly string[] = []): Promise<Outcome> =>
      act(fleet, { config, observation, plan }, unsaved),
  };
}

async function act(
  fleet: FakeFleet,
  { config, observation, plan }: { config: Config; observation: Observation; plan: Plan },
  unsaved: readonly string[],
): Promise<Outcome> {
  return afterCalls(plan, observation, await sendActions(fleet, config, plan, unsaved));
}

const wanting = (runnable: number, more: Parameters<typeof anObservation>[0] = {}): Observation =>
  anObservation({ queue: aStatus({ demand: [steps(LINUX, runnable)] }), ...more });

describe('a launch', () => {
  it('that succeeds brings booting machines with records, and has its answer', async () => {
    const { fleet, carryOut } = benchFor(wanting(2));
    const { machines, answeredLaunches, done, problems } = await carryOut();
    expect(fleet.instances.size).toBe(2);
    expect(machines).toMatchObject(
      [...fleet.instances.keys()].map((instanceId) => ({ instanceId, phase: 'booting', launchId: 'new-0' })),
    );
    expect([answeredLaunches, done.launch, problems]).toEqual([['new-0'], 2, []]);
  });
  it('that gets only some keeps those, and rests the pool that refused', async () => {
    const { fleet, plan, carryOut } = benchFor(wanting(3), SPOT);
    const pool = plan.launches[0]?.pools[0] as Pool;
    fleet.failNextLaunch([refusal('capacity', pool)], 1);
    const { machines, backOffs, done, problems } = await carryOut();
    expect([machines.length, done.launch]).toEqual([1, 1]);
    expect(backOffs).toMatchObject([{ type: LINUX, pool, until: NOW + 180 }]);
    expect(problems[0]?.what).toBe(told.launchCall(3, LINUX, 'CreateFleet'));
  });
  it.each(['market', 'quota', 'denied', 'configuration', 'unknown'] as const)(
    'for spot that is refused for %s rests spot as a whole, and nothing else',
    async (kind) => {
      const { fleet, carryOut } = benchFor(wanting(1), SPOT);
      fleet.failNextLaunch([refusal(kind)]);
      const { backOffs } = await carryOut();
      expect(backOffs.map(({ pool, market }) => [pool, market])).toEqual([[undefined, 'spot']]);
    },
  );
  it('that gets everything frees its pools', async () => {
    const [pool] = benchFor(wanting(1), SPOT).plan.launches[0]?.pools ?? [];
    const rest = { type: LINUX, failures: 4, until: NOW - 1, reason: 'no capacity', pool: pool as Pool };
    const { carryOut } = benchFor(wanting(1, { farm: { backOffs: [rest] } }), SPOT);
    expect((await carryOut()).backOffs).toEqual([]);
  });
  it('whose answer is lost is kept, and sent again makes nothing twice', async () => {
    const { fleet, plan, carryOut } = benchFor(wanting(2));
    fleet.loseNextAnswer();
    const lost = await carryOut();
    expect([lost.answeredLaunches, lost.machines, lost.problems[0]?.refusal.code]).toEqual([
      [],
      [],
      'NoAnswer',
    ]);
    const again = wanting(2, { launches: plan.launches, instances: [...fleet.instances.values()] });
    const { machines, answeredLaunches } = await act(
      fleet,
      { config: aConfig(), observation: again, plan: planFor(again) },
      [],
    );
    expect(fleet.instances.size).toBe(2);
    expect(machines.map(({ instanceId }) => instanceId)).toEqual([...fleet.instances.keys()]);
    expect(answeredLaunches).toEqual(['new-0']);
  });
  it('of a type that has left the configuration is given up', async () => {
    const { fleet, carryOut } = benchFor(anObservation({ launches: [aLaunch({ type: 'gone-linux' })] }));
    expect((await carryOut()).answeredLaunches).toEqual(['launch-1']);
    expect(fleet.instances.size).toBe(0);
  });
});

describe('an intent that could not be saved', () => {
  it('is not carried out; the others are', async () => {
    const machines = [
      aMachine({ phase: 'terminating' }),
      aMachine({ instanceId: 'i-00000002', phase: 'terminating' }),
    ];
    const instances = machines.map(({ instanceId }) => anInstance({ instanceId }));
    const { fleet, carryOut } = benchFor(wanting(1, { machines, instances }));
    const { done } = await carryOut(['i-00000001', 'new-0']);
    expect(done).toEqual({ launch: 0, start: 0, stop: 0, terminate: 1 });
    expect([...fleet.instances.values()].map(({ state }) => state)).toEqual(['running', 'terminated']);
  });
});

describe('a start', () => {
  const KEEPING = aConfig([aType(LINUX, { stopOnIdle: true })]);
  const stopped = wanting(1, {
    machines: [aMachine({ phase: 'stopped' })],
    instances: [anInstance({ state: 'stopped' })],
  });
  it('that is refused leaves the machine stopped and rests its pool', async () => {
    const { fleet, carryOut } = benchFor(stopped, KEEPING);
    fleet.failNext('start', refusal('capacity'));
    const { machines, backOffs, done } = await carryOut();
    expect(machines).toMatchObject([
      { phase: 'stopped', reason: told.startRefused({ says: 'no: capacity' }) },
    ]);
    expect(backOffs).toMatchObject([{ pool: { subnet: 'subnet-00000001', market: 'on-demand' } }]);
    expect(done.start).toBe(0);
    const next = { ...stopped, state: { ...stopped.state, farm: { backOffs } } };
    expect(planFor(next, KEEPING).actions.map(({ kind }) => kind)).toEqual(['launch']);
  });
  it('that is accepted boots', async () => {
    const { fleet, carryOut } = benchFor(stopped);
    const { machines, done } = await carryOut();
    expect([machines[0]?.phase, done.start]).toEqual(['booting', 1]);
    expect(fleet.instances.get('i-00000001')).toMatchObject({ state: 'running', startedAt: NOW });
  });
});

describe('an end', () => {
  it('that is refused is told, counts for nothing, and stops no other', async () => {
    const machines = [
      aMachine({ phase: 'terminating' }),
      aMachine({ instanceId: 'i-00000002', phase: 'terminating' }),
    ];
    const instances = machines.map(({ instanceId }) => anInstance({ instanceId }));
    const { fleet, carryOut } = benchFor(anObservation({ machines, instances }));
    fleet.failNext('terminate', refusal('denied'));
    const { done, problems, machines: after } = await carryOut();
    expect(done.terminate).toBe(1);
    expect(problems).toMatchObject([
      { what: 'terminate i-00000001 (TerminateInstances)', refusal: { kind: 'denied' } },
    ]);
    expect(after.map(({ phase }) => phase)).toEqual(['terminating', 'terminating']);
  });
  it.each([
    ['configuration', ['terminating', 'stopping']],
    ['throttled', ['stopping', 'stopping']],
  ] as const)('by a stop that is refused as %s is tried as %j next', async (kind, phases) => {
    const machines = [
      aMachine({ phase: 'stopping', drain: COMPLETE, phaseSince: NOW - 20 }),
      aMachine({ instanceId: 'i-00000002', phase: 'stopping', drain: COMPLETE, phaseSince: NOW - 20 }),
    ];
    const instances = machines.map(({ instanceId }) => anInstance({ instanceId }));
    const seen = anObservation({ machines, instances });
    const { fleet, carryOut } = benchFor(seen, aConfig([aType(LINUX, { stopOnIdle: true })]));
    fleet.failNext('stop', {
      ...refusal(kind),
      ...(kind === 'configuration' && { code: 'UnsupportedOperation' }),
    });
    const { machines: after } = await carryOut();
    expect(after.map(({ phase }) => phase)).toEqual(phases);
    const next = planFor({ ...seen, state: { ...seen.state, machines: after } });
    expect(next.actions.map((action) => action.kind)).toEqual(
      phases.map((phase) => (phase === 'terminating' ? 'terminate' : 'stop')),
    );
  });
});
