import { beforeEach, describe, expect, it } from 'vitest';
import { plainFarm } from '../../../local/prove/crash/scenario.ts';
import { configOf } from '../../../local/prove/simulate/farm.ts';
import { START } from '../../../local/prove/simulate/simulate.ts';
import { FARM_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import { MachinesFileInMemory } from '../../../local/world/queue-runner/machines-file.ts';
import type { RegionInstance } from '../../../local/world/region/instance.ts';
import { Timeline } from '../../../local/world/timeline.ts';
import { World } from '../../../local/world/world.ts';
import type { StatusView } from './farm.ts';

const TYPE = 'x86_64-linux';
const config = configOf(plainFarm({ maxJobs: 2, speedFactor: 3 }));

let world: World;

const worldOf = (kind: 'cpp' | 'rust'): World => {
  const timeline = new Timeline(START);
  return new World({
    seed: 1,
    timeline,
    config,
    machinesFile: new MachinesFileInMemory(() => timeline.now, ''),
    runnerKind: kind,
  });
};

const wait = (seconds: number): void => {
  world.timeline.advanceTo(world.timeline.now + seconds);
};

const machine = (): RegionInstance =>
  world.region.seed({
    instanceType: config.machineTypes[0]?.instanceTypes[0] ?? '',
    imageId: world.region.images.all[0]?.imageId ?? '',
    template: config.machineTypes[0]?.launchTemplate ?? '',
    tags: { [FARM_TAG]: config.tag, [TYPE_TAG]: TYPE },
  });

const status = (): StatusView => {
  const answer = world.rust.runner.answers().status;
  if (answer.kind !== 'answered') throw new Error(`the call was ${answer.kind}`);
  return JSON.parse(answer.text) as StatusView;
};

beforeEach(() => {
  world = worldOf('rust');
  world.runner.start();
  wait(5);
});

describe('a world with the Rust queue runner', () => {
  it('has its machines dial in by the id of their instance, closed, as their type says', () => {
    const { instanceId } = machine();
    wait(300);
    expect(status().machines[instanceId]).toMatchObject({
      maxJobs: 2,
      systems: ['x86_64-linux', 'i686-linux'],
      speedFactor: 3,
      stats: { buildDirFreePercent: 0 },
    });
    world.runner.queue({ count: 2, system: TYPE, seconds: 60 });
    wait(60);
    expect(world.ledger.running).toBe(0);
  });

  it('counts what a machine builds at the address of its instance', () => {
    const { instanceId, address } = machine();
    world.runner.queue({ count: 3, system: TYPE, seconds: 60 });
    wait(300);
    world.rust.machines.open(instanceId);
    wait(30);
    expect(world.ledger.at(address)).toHaveLength(2);
    wait(200);
    expect(world.ledger.done).toBe(3);
    expect(world.judge.violations).toEqual([]);
  });

  it('loses what a machine builds when its instance ends', () => {
    const { instanceId, address } = machine();
    world.runner.queue({ count: 3, system: TYPE, seconds: 600 });
    wait(300);
    world.rust.machines.open(instanceId);
    wait(30);
    world.region.power.terminate([instanceId]);
    wait(5);
    expect(world.ledger.lost).toMatchObject([{ address }, { address }]);
    expect(status().machines).toEqual({});
  });

  it('knows builders by the address of their instance, too', () => {
    const { instanceId, address } = machine();
    wait(300);
    world.builders.freeze(address);
    wait(60);
    expect(status().machines[instanceId]?.stats.sinceLastPing).toBeGreaterThan(50);
    world.builders.thaw(address);
    wait(15);
    expect(status().machines[instanceId]?.stats.sinceLastPing).toBeLessThan(15);
    world.builders.kill(address);
    wait(15);
    expect(status().machines).toEqual({});
  });

  it('can have a second builder of one name, which hides the first', () => {
    const { instanceId } = machine();
    wait(300);
    const end = world.rust.double(instanceId);
    wait(5);
    expect(status().queueRunner.machinesTotal).toBe(2);
    expect(Object.keys(status().machines)).toEqual([instanceId]);
    end();
    wait(5);
    expect(status().queueRunner.machinesTotal).toBe(1);
  });

  it('ends what is wrong with machines that boot, one by one', () => {
    const endVersion = world.rust.bootingWith({ version: '0.2.0-00000000' });
    const endToken = world.rust.bootingWith({ token: 'another' });
    endVersion();
    const unit = () => {
      const { instanceId } = machine();
      wait(300);
      return world.rust.machines.unit(instanceId)?.exitStatus;
    };
    expect(unit()).toBe(1);
    endToken();
    expect(unit()).toBe(0);
  });

  it('has none of the means of the other one', () => {
    expect(() => world.cpp).toThrow('Rust');
    world = worldOf('cpp');
    expect(() => world.rust).toThrow('C++');
  });
});
