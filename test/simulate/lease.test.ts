/** Whoever has lost the lease changes nothing more, even between saving an intent and carrying it out. */
import { expect, it } from 'vitest';
import { drive } from '../../local/drive/drive.ts';
import { Chaos } from '../../local/simulate/chaos.ts';
import { plainFarm } from '../../local/simulate/crash/scenario.ts';
import { configOf } from '../../local/simulate/farm.ts';
import { Overseer } from '../../local/simulate/overseer.ts';
import { START } from '../../local/simulate/simulate.ts';

/** A farm whose first tick wants two machines. */
function hungryFarm(): Overseer {
  const config = configOf(plainFarm({ minMachines: 2 }));
  const chaos = new Chaos({ seed: 1, enabled: new Set() });
  const overseer = new Overseer({ seed: 1, start: START, config, chaos, kills: () => false });
  overseer.stage.world.runner.start();
  return overseer;
}

async function firstTick({ stage }: Overseer): Promise<string | undefined> {
  const { timeline } = stage.world;
  const ended = stage.lambda.invoke({ tick: true });
  await drive(timeline, stage.activity, timeline.now + 280);
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
