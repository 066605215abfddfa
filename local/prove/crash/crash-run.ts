/** Plays a scenario, kills one invocation at one point, and lets the world run on: the farm has to converge. */
import type { Violation } from '../../world/judge/violations.ts';
import { Chaos } from '../simulate/chaos.ts';
import { configOf } from '../simulate/farm.ts';
import type { Line } from '../simulate/history.ts';
import type { KillPoint } from '../simulate/life.ts';
import { Overseer } from '../simulate/overseer.ts';
import { START } from '../simulate/simulate.ts';
import { WakeUps } from '../simulate/wake-ups.ts';
import type { Scenario } from './scenario.ts';

/** What one run came to. */
export interface CrashRun {
  /** Where the invocation was killed, or undefined when it got past that many points. */
  readonly killedAt: KillPoint | undefined;
  /** Points the invocation passed. */
  readonly points: number;
  readonly violations: readonly Violation[];
  readonly recoverySeconds: number;
}

/** Everything has ended and been paid for by then: builds, grace, paid hours, drains. */
const AFTERWARDS_SECONDS = 4 * 3600;

/**
 * @param point the point to kill at, from 1; undefined to let the invocation live.
 * @param tell told what happens, for people.
 */
export async function crashRun(
  scenario: Scenario,
  point: number | undefined,
  tell?: (line: Line) => void,
): Promise<CrashRun> {
  const { farm, killAfterSeconds, runner: runnerKind = 'cpp' } = scenario;
  const config = configOf(farm);
  const chaos = new Chaos({ seed: 1, enabled: new Set() });
  let killedAt: KillPoint | undefined;
  let victim: number | undefined;
  let points = 0;
  const kills = (invocation: number, reached: KillPoint): boolean => {
    if (overseer.stage.world.timeline.now < START + killAfterSeconds) return false;
    victim ??= reached.number === 1 ? invocation : undefined;
    if (invocation !== victim) return false;
    points = reached.number;
    if (reached.number !== point) return false;
    killedAt = reached;
    overseer.tell('fault', `the function is killed ${reached.name}`);
    overseer.cleared();
    return true;
  };
  const overseer = new Overseer({ seed: 1, start: START, config, runnerKind, chaos, kills, tell });
  await play(overseer, scenario);
  const { judge } = overseer.stage.world;
  return {
    killedAt,
    points,
    violations: judge.violations,
    recoverySeconds: Math.round(overseer.recovery.worstSeconds),
  };
}

/** The whole story, to the end of everything in it. */
async function play(overseer: Overseer, { builds, happenings, killAfterSeconds }: Scenario): Promise<void> {
  const { stage } = overseer;
  const { world } = stage;
  world.runner.start();
  world.schedule(
    builds.map(({ at, count, seconds, system = 'x86_64-linux', features = [], ...rest }) => ({
      ...rest,
      atSeconds: at,
      system,
      features,
      durationsSeconds: Array.from({ length: count }, () => seconds),
    })),
  );
  for (const { at, happen } of happenings)
    world.timeline.schedule(START + at, () => {
      happen(stage);
    });
  const wakeUps = new WakeUps(stage);
  wakeUps.start();
  overseer.watch();
  await stage.pass(killAfterSeconds + AFTERWARDS_SECONDS);
  wakeUps.stop();
  if (world.ledger.unfinished > 0) world.judge.violate(8, `${world.ledger.unfinished} builds never ended`);
  overseer.conclude();
}

/** What all points of one scenario came to. */
export interface CrashResult {
  readonly scenario: string;
  /** Points the tick has when it is not killed. */
  readonly points: number;
  readonly tried: number;
  readonly worstRecoverySeconds: number;
  readonly violations: readonly { readonly at: string; readonly what: string }[];
}

/** Kills at every `step`-th point of the scenario's tick. */
export async function crashEverywhere(scenario: Scenario, step = 1): Promise<CrashResult> {
  const whole = await crashRun(scenario, undefined);
  const violations = whole.violations.map(({ rule, what }) => ({
    at: 'no point',
    what: `rule ${rule}: ${what}`,
  }));
  let [tried, worst] = [0, 0];
  for (let point = 1; point <= whole.points; point += step) {
    const run = await crashRun(scenario, point);
    tried += 1;
    worst = Math.max(worst, run.recoverySeconds);
    const at = `point ${point} (${run.killedAt?.name ?? 'not reached'})`;
    if (run.killedAt === undefined) violations.push({ at, what: 'the tick went another way' });
    violations.push(...run.violations.map(({ rule, what }) => ({ at, what: `rule ${rule}: ${what}` })));
  }
  return { scenario: scenario.name, points: whole.points, tried, worstRecoverySeconds: worst, violations };
}
