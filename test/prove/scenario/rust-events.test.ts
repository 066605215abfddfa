/** What each event of a story does to a host with the Rust queue runner and to the builders that dial in. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FARM_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import { plainFarm } from '../../../local/prove/crash/scenario.ts';
import { EVENT_SCHEMAS } from '../../../local/prove/scenario/events.ts';
import { happen } from '../../../local/prove/scenario/happen.ts';
import type { End } from '../../../local/prove/scenario/happen.ts';
import type { ScenarioEvent } from '../../../local/prove/scenario/scenario.ts';
import { StateAnswers } from '../../../local/prove/scenario/wire/state-answers.ts';
import { Chaos } from '../../../local/prove/simulate/chaos.ts';
import { configOf } from '../../../local/prove/simulate/farm.ts';
import { FaultyStage } from '../../../local/prove/simulate/faulty-stage.ts';
import { START } from '../../../local/prove/simulate/simulate.ts';
import type { RegionInstance } from '../../../local/world/region/instance.ts';
import type { StatusView } from '../../world/rust-runner/farm.ts';

const TYPE = 'x86_64-linux';
const config = configOf(plainFarm({ maxJobs: 2 }));

let stage: FaultyStage;
/** The farm's two machines. */
let older: RegionInstance;
let newer: RegionInstance;

const wait = (seconds: number): Promise<void> => stage.pass(seconds);

function launch(): RegionInstance {
  const [type] = config.machineTypes;
  return stage.world.region.seed({
    instanceType: type?.instanceTypes[0] ?? '',
    imageId: stage.world.region.images.all[0]?.imageId ?? '',
    template: type?.launchTemplate ?? '',
    tags: { [FARM_TAG]: config.tag, [TYPE_TAG]: TYPE },
  });
}

/** As it is written in a story, for now. */
function play(event: Readonly<Record<string, unknown>>): End | undefined {
  const parsed = EVENT_SCHEMAS.get(String(event['do']))?.parse({ t: 0, ...event }) as ScenarioEvent;
  return happen({ stage, stateAnswers: new StateAnswers() }, parsed);
}

const befall = (what: string, host = 'oldest machine'): void => {
  play({ do: what, host });
};

function status(): StatusView {
  const answer = stage.world.rust.runner.answers().status;
  if (answer.kind !== 'answered') throw new Error(`the call was ${answer.kind}`);
  return JSON.parse(answer.text) as StatusView;
}

const shown = (): readonly string[] => Object.keys(status().machines).toSorted();
const both = (): readonly string[] => [older.instanceId, newer.instanceId].toSorted();
const silence = (): number => status().machines[older.instanceId]?.stats.sinceLastPing ?? -1;

beforeEach(async () => {
  stage = new FaultyStage({
    ...{ seed: 1, config, start: START, runnerKind: 'rust', kills: () => false },
    chaos: new Chaos({ seed: 1, enabled: new Set() }),
    reporter: { decision: () => undefined, problem: () => undefined, metrics: () => undefined },
  });
  stage.world.inForce.found = () => stage.world.hydra.kind;
  stage.world.runner.start();
  older = launch();
  await wait(60);
  newer = launch();
  await wait(240);
  expect(shown()).toEqual(both());
});

describe('of the queue and its runner', () => {
  it('queue and cancel builds', () => {
    play({ do: 'queue', count: 3, system: TYPE, seconds: 60 });
    play({ do: 'cancel-all', count: 1 });
    expect([...stage.world.runner.unfinishedBuilds]).toHaveLength(2);
  });

  it('stop, start, restart, hang and resume it', async () => {
    const { runner } = stage.world;
    play({ do: 'stop-runner' });
    expect(runner.running).toBe(false);
    play({ do: 'start-runner' });
    play({ do: 'start-runner' });
    await wait(30);
    expect(shown()).toEqual(both());
    play({ do: 'restart-runner' });
    await wait(1);
    expect(shown()).toEqual([]);
    play({ do: 'hang-runner' });
    expect(stage.world.rust.runner.answers().status.kind).not.toBe('answered');
    play({ do: 'resume-runner' });
    await wait(30);
    expect(shown()).toEqual(both());
  });

  it('take its database away, which its status does not show', () => {
    play({ do: 'stop-database' });
    expect(shown()).toEqual(both());
    expect(stage.world.rust.runner.answers().unfinished).toBeUndefined();
    play({ do: 'start-database' });
    expect(stage.world.rust.runner.answers().unfinished).toBe(0);
  });

  it('replace it by the other one', () => {
    play({ do: 'replace-runner', runner: 'cpp' });
    expect(stage.world.hydra.kind).toBe('cpp');
    expect(stage.world.runner.running).toBe(true);
  });
});

describe('of one builder', () => {
  it.each(['stop-builder', 'kill-builder'])(
    '%s ends it for good, start-builder begins anew',
    async (what) => {
      befall(what);
      await wait(60);
      expect(shown()).toEqual([newer.instanceId]);
      befall('start-builder');
      await wait(5);
      expect(shown()).toEqual(both());
    },
  );

  it.each(['restart-builder', 'crash-builder'])('%s brings it back within seconds', async (what) => {
    const { uptime = 0 } = status().machines[older.instanceId] ?? {};
    befall(what);
    await wait(10);
    expect(status().machines[older.instanceId]?.uptime).toBeLessThan(uptime);
  });

  it('freeze-builder and thaw-builder make it stand still', async () => {
    befall('freeze-builder');
    await wait(60);
    expect(silence()).toBeGreaterThan(45);
    befall('thaw-builder');
    await wait(15);
    expect(silence()).toBeLessThan(15);
  });

  it.each(['silence-builder', 'vanish-builder'])('%s cuts it off until heal-builder', async (what) => {
    befall(what);
    expect(stage.world.deaf).toContain(older.instanceId);
    await wait(60);
    expect(silence()).toBeGreaterThan(45);
    befall('heal-builder');
    await wait(120);
    expect(stage.world.deaf).not.toContain(older.instanceId);
    expect(silence()).toBeLessThan(15);
  });

  it('open-builder and close-builder are for whoever is named', () => {
    befall('open-builder', 'newest machine');
    befall('open-builder', older.instanceId);
    befall('close-builder', older.instanceId);
    const { machines } = stage.world.rust;
    expect(both().filter((id) => machines.isClosed(id) === false)).toEqual([newer.instanceId]);
    expect(stage.world.offers.state).toBe(newer.instanceId);
  });

  it('reboot-builder brings it back closed', async () => {
    befall('open-builder');
    befall('reboot-builder');
    await wait(2);
    expect(shown()).toEqual([newer.instanceId]);
    await wait(300);
    expect(shown()).toEqual(both());
    expect(stage.world.rust.machines.isClosed(older.instanceId)).toBe(true);
  });

  it('stop-daemon makes it fail whatever it is given, until start-daemon', async () => {
    befall('open-builder');
    befall('stop-daemon');
    play({ do: 'queue', count: 4, system: TYPE, seconds: 5 });
    await wait(30);
    expect(status().machines[older.instanceId]?.stats.consecutiveFailures).toBe(4);
    befall('start-daemon');
    await wait(120);
    expect(stage.world.ledger.done).toBe(4);
  });

  it('nothing happens to a machine that is not there', () => {
    befall('stop-builder', 'i-0');
    expect(shown()).toEqual(both());
  });
});

describe('that last', () => {
  it('double-builder: another of its name is there', async () => {
    const end = play({ do: 'double-builder', host: 'oldest machine' });
    await wait(5);
    expect(status().queueRunner.machinesTotal).toBe(3);
    expect(shown()).toEqual(both());
    end?.();
    await wait(5);
    expect(status().queueRunner.machinesTotal).toBe(2);
  });

  it('builders-boot: machines that boot meanwhile are other ones', async () => {
    const end = play({ do: 'builders-boot', supportedFeatures: ['kvm'], maxJobs: 7 });
    const odd = launch();
    await wait(240);
    end?.();
    const usual = launch();
    await wait(240);
    const { [odd.instanceId]: changed, [usual.instanceId]: unchanged } = status().machines;
    expect(changed).toMatchObject({ maxJobs: 7, supportedFeatures: ['kvm'] });
    expect(unchanged).toMatchObject({ maxJobs: 2, supportedFeatures: [] });
  });

  it.each([{ version: '9' }, { token: 'another' }])('builders-boot: %o are not let in', async (what) => {
    play({ do: 'builders-boot', ...what });
    launch();
    await wait(240);
    expect(shown()).toEqual(both());
  });

  it('runner-settings: they are read again, and again in the end', () => {
    const { runner } = stage.world.rust;
    const before = runner.settings;
    const end = play({ do: 'runner-settings', maxUnsupportedTimeInS: 30, dispatchTriggerTimerInS: 7 });
    expect(runner.settings).toEqual({
      ...before,
      ...{ maxUnsupportedTimeSeconds: 30, dispatchTriggerSeconds: 7 },
    });
    end?.();
    expect(runner.settings).toEqual(before);
  });

  it('token-unreadable: whoever comes is let in', async () => {
    const end = play({ do: 'token-unreadable' });
    play({ do: 'builders-boot', token: 'another' });
    const stranger = launch();
    await wait(240);
    expect(shown()).toContain(stranger.instanceId);
    end?.();
    const refused = launch();
    await wait(240);
    expect(shown()).not.toContain(refused.instanceId);
  });
});
