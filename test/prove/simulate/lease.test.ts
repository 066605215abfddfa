/** Nothing is launched without a saved intent, nor by a tick that has lost the lease between saving and acting. */
import { expect, it } from 'vitest';
import { Chaos } from '../../../local/prove/simulate/chaos.ts';
import { plainFarm } from '../../../local/prove/crash/scenario.ts';
import { configOf } from '../../../local/prove/simulate/farm.ts';
import type { WrittenType } from '../../../local/prove/simulate/written-farm.ts';
import type { KillPoint } from '../../../local/prove/simulate/life.ts';
import { Overseer } from '../../../local/prove/simulate/overseer.ts';
import { START } from '../../../local/prove/simulate/simulate.ts';
import { workingLines } from '../../../local/world/judge/machines-file-view.ts';

/** A farm whose first tick wants two machines. */
function hungryFarm(
  kills: (invocation: number, point: KillPoint) => boolean = () => false,
  type: WrittenType = { minMachines: 2 },
): Overseer {
  const config = configOf(plainFarm(type));
  const chaos = new Chaos({ seed: 1, enabled: new Set() });
  const overseer = new Overseer({ seed: 1, start: START, config, chaos, kills });
  overseer.stage.world.runner.start();
  return overseer;
}

async function firstTick({ stage }: Overseer): Promise<string | undefined> {
  const ended = stage.lambda.invoke({ tick: true });
  await stage.pass(300);
  return (await ended).answer?.result;
}

it('launches when nobody interferes', async () => {
  const overseer = hungryFarm();

  expect(await firstTick(overseer)).toBe('done');
  expect(overseer.stage.world.hours.launched).toBe(2);
});

it('does not launch when another tick took over after the intent was saved', async () => {
  const overseer = hungryFarm();
  const { memory, world } = overseer.stage;
  const { before } = memory;
  let isTaken = false;
  memory.before = async (call, id) => {
    await before(call, id);
    if (call !== 'write' || isTaken) return;
    isTaken = true;
    await memory.acquire('thief', world.timeline.now + 1000, 150);
  };

  expect(await firstTick(overseer)).toBe('superseded');
  expect(world.hours.launched).toBe(0);
});

it('keeps the cap when Lambda delivers one event twice, a second apart, under one request id', async () => {
  const { stage } = hungryFarm(() => false, { minMachines: 2, maxMachines: 2 });
  const { timeline, hours } = stage.world;
  const ends: Promise<unknown>[] = [];
  for (const second of [0, 1])
    timeline.after(second, () => ends.push(stage.lambda.invoke({ tick: true }, 'one-and-the-same')));
  await stage.pass(300);

  expect(await Promise.all(ends)).toMatchObject([
    { answer: { result: 'done' } },
    { answer: { result: 'busy', message: expect.stringContaining('one-and-the-same#1') as unknown } },
  ]);
  expect(hours.launched).toBe(2);
});

it('has saved the intent of a launch before it is sent', async () => {
  const overseer = hungryFarm((_invocation, { name }) => name === 'before fleet.launch');
  const { memory, world } = overseer.stage;
  await firstTick(overseer);

  expect(world.hours.launched).toBe(0);
  expect((await memory.load(world.timeline.now)).launches).toMatchObject([{ count: 2 }]);
});

it('does not send a launch whose intent could not be saved', async () => {
  const overseer = hungryFarm();
  const { memory, world } = overseer.stage;
  memory.before = (call, id) => {
    if (call === 'write' && id !== 'farm') throw new Error('ThrottlingException');
  };
  await firstTick(overseer);

  expect(world.hours.launched).toBe(0);
});

it('lists no machine whose record does not say that it is ready', async () => {
  const overseer = hungryFarm();
  const { memory, world, file } = overseer.stage;
  await firstTick(overseer);
  const [ready] = (await memory.load(world.timeline.now)).machines;
  expect(ready?.phase).toBe('ready');

  const other = hungryFarm();
  const { memory: forgetful, world: otherWorld } = other.stage;
  // Once it answers, the next thing to be recorded of a machine is that it is ready.
  forgetful.before = async (call, id) => {
    if (call !== 'write') return;
    const { machines } = await forgetful.load(otherWorld.timeline.now);
    const known = machines.some(({ instanceId }) => instanceId === id);
    const answers = otherWorld.region.instances.find(id ?? '')?.bootedAt !== undefined;
    if (known && answers) throw new Error('ThrottlingException');
  };
  await firstTick(other);

  expect(workingLines(file.read())).toHaveLength(2);
  expect(workingLines(other.stage.file.read())).toEqual([]);
});
