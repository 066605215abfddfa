/** How often a tick looks, by the clock that wakes it: a shorter one is never slower. */
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import type { Summary } from '../../lambdas/core/account/summary.ts';
import type { RegionSettings } from '../../local/world/region/settings.ts';
import type { Ports } from '../../lambdas/ports.ts';
import { answer } from '../../lambdas/reconcile/answer.ts';
import { timeoutSeconds } from '../../lambdas/reconcile/time-limits.ts';
import { InProcessActivity } from '../../local/world/drive/in-process-activity.ts';
import type { Invocation } from '../../local/world/drive/lambda.ts';
import { plainPorts } from '../../local/world/ports/plain-ports.ts';
import { Stage, fileInMemory } from '../../local/world/stage.ts';

const START = 1_772_431_200;
const NEVER_BOOTS: Partial<RegionSettings> = { sshSeconds: [5000, 5000], consoleSeconds: [5000, 5000] };

/** Ticks by this clock for a quarter of an hour. @param steps that wait from the second minute on. */
async function ticks(minutes: number, steps: number, region: Partial<RegionSettings> = NEVER_BOOTS) {
  const config = checkConfig('farm', {
    tag: 'clocked',
    schedule: `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`,
    maxTotalMachines: 4,
    host: { instanceId: 'i-0123456789abcdef0' },
    systemTypes: { 'x86_64-linux': { runnablesPerMachine: 1, maxJobs: 1, bootTimeout: 3600 } },
  });
  let ports: Ports | undefined;
  const stage = new Stage({
    ...{ seed: 1, start: START, config, region, file: fileInMemory(), activity: new InProcessActivity() },
    invoke: (event, requestId, remaining) => {
      ports ??= plainPorts(stage);
      const reporter = { decision: () => undefined, problem: () => undefined, metrics: () => undefined };
      const invocation = { requestId, nonce: requestId, remainingSeconds: remaining() };
      return answer({ config, ports, reporter }, event, invocation);
    },
  });
  const ended: Invocation[] = [];
  stage.lambda.onEnd((invocation) => ended.push(invocation));
  stage.world.runner.start();
  stage.world.schedule([
    { atSeconds: 61, system: 'x86_64-linux', features: [], durationsSeconds: Array<number>(steps).fill(60) },
  ]);
  stage.lambda.startSchedule();
  await stage.pass(15 * 60 - 1);
  return ended.map(({ answer: answered, startedAt, endedAt }) => {
    const { result, rounds } = answered as Summary;
    return { at: startedAt - START, result, rounds, tookSeconds: Math.round(endedAt - startedAt) };
  });
}

describe('the clock', () => {
  it('of a minute has several rounds in each tick while a machine boots', async () => {
    const found = await ticks(1, 2);
    expect(found.map(({ at }) => at)).toEqual(
      Array.from({ length: 15 }, (_, index) => index * 60).slice(0, found.length),
    );
    expect(found.every(({ result }) => result === 'done')).toBe(true);
    expect(found.slice(2).map(({ rounds }) => rounds)).toEqual(Array(found.length - 2).fill(9));
    // No tick is at work when the next one comes.
    expect(Math.max(...found.map(({ tookSeconds }) => tookSeconds))).toBeLessThanOrEqual(60);
  });
  it('of five minutes has a round every six seconds while a machine may be ready at any moment', async () => {
    const found = await ticks(5, 2);
    expect(found.map(({ result }) => result)).toEqual(Array(found.length).fill('done'));
    expect(found.slice(1).map(({ rounds }) => rounds)).toEqual(Array(found.length - 1).fill(49));
    expect(Math.max(...found.map(({ tookSeconds }) => tookSeconds))).toBeLessThanOrEqual(300);
  });
  it('looks once a tick where nothing moves, whichever it is', async () => {
    for (const minutes of [1, 5]) {
      // A queue runner that has just been started is waited for.
      const found = (await ticks(minutes, 0)).filter(({ at }) => at >= 120);
      expect(new Set(found.map(({ rounds }) => rounds))).toEqual(new Set([1]));
      expect(Math.max(...found.map(({ tookSeconds }) => tookSeconds))).toBeLessThanOrEqual(8);
    }
  });
  it('never cuts a round off that takes as long as one can', () => {
    for (const period of [60, 120, 300, 600, 900, 3600])
      expect(timeoutSeconds(period)).toBeLessThanOrEqual(900);
    expect([60, 300, 900].map((period) => timeoutSeconds(period))).toEqual([180, 420, 900]);
  });
});
