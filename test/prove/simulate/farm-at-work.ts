/** A farm with machines at work, half an hour after its first tick, that is no longer ticked. */
import { Chaos } from '../../../local/prove/simulate/chaos.ts';
import { plainFarm } from '../../../local/prove/crash/scenario.ts';
import { configOf } from '../../../local/prove/simulate/farm.ts';
import type { KillPoint } from '../../../local/prove/simulate/life.ts';
import { Overseer } from '../../../local/prove/simulate/overseer.ts';
import { START } from '../../../local/prove/simulate/simulate.ts';
import { WakeUps } from '../../../local/prove/simulate/wake-ups.ts';

const BUILDS = { count: 4, system: 'x86_64-linux', seconds: 7200 };
const HALF_AN_HOUR = 1800;

export async function farmAtWork(
  kills: (invocation: number, point: KillPoint) => boolean = () => false,
): Promise<Overseer> {
  const chaos = new Chaos({ seed: 1, enabled: new Set() });
  const config = configOf(plainFarm({ billing: 'hourly' }));
  const overseer = new Overseer({ seed: 1, start: START, config, chaos, kills });
  const { world } = overseer.stage;
  world.runner.start();
  world.timeline.after(240, () => {
    world.runner.queue(BUILDS);
  });
  const wakeUps = new WakeUps(overseer.stage);
  wakeUps.start();
  overseer.watch();
  await overseer.stage.pass(HALF_AN_HOUR);
  wakeUps.stop();
  return overseer;
}

export const runningIn = ({ stage }: Overseer): readonly string[] =>
  stage.world.region.instances.all
    .filter(({ state }) => state === 'running')
    .map(({ instanceId }) => instanceId);

/** As the function would call EC2. */
export const callIn = (
  { stage }: Overseer,
  action: string,
  input: object,
  effect: () => unknown,
): Promise<unknown> => stage.world.region.gate.call({ service: 'ec2', action, input }, effect);
