/** The simulated machines' dead-man switch: what is at work or wanted stays, all others end by themselves. */
import { expect, it } from 'vitest';
import { WakeUps } from '../../../local/prove/simulate/wake-ups.ts';
import { DEAD_MAN_MINUTES } from '../../../local/world/dead-man.ts';
import { readDeployment } from '../../../infra/read-deployment.ts';
import { configFile, example } from '../../infra/synth.ts';
import type { JsonObject } from '../../infra/synth.ts';
import { farmAtWork, runningIn } from './farm-at-work.ts';

const LIMIT_SECONDS = DEAD_MAN_MINUTES * 60;
const MINUTE = 60;

it('waits as long as a deployed machine does', () => {
  const base = example();
  const deploy = { ...(base['deploy'] as JsonObject), builder: {} };
  const [builder] = readDeployment(configFile({ ...base, deploy })).builders;
  expect(builder?.settings.deadManMinutes).toBe(DEAD_MAN_MINUTES);
});

it('ends machines that nobody ticks any more, once their builds are done', async () => {
  const overseer = await farmAtWork();
  const { ledger } = overseer.stage.world;
  const running = runningIn(overseer);
  while (ledger.unfinished > 0) await overseer.stage.pass(MINUTE);
  expect(runningIn(overseer)).toEqual(running);
  await overseer.stage.pass(LIMIT_SECONDS - 3 * MINUTE);
  expect(runningIn(overseer)).toEqual(running);
  await overseer.stage.pass(5 * MINUTE);
  expect(runningIn(overseer)).toEqual([]);
  expect(ledger.lost).toEqual([]);
});

it('ends no idle machine that is kept on purpose, and one that has lost its tags', async () => {
  const overseer = await farmAtWork();
  const { stage } = overseer;
  const { region, ledger } = stage.world;
  new WakeUps(stage).start();
  for (const type of stage.world.config.machineTypes)
    void stage.lambda.invoke({ scaleOut: { type: type.key, count: 2, minutes: 1440 } });
  while (ledger.unfinished > 0) await overseer.stage.pass(MINUTE);
  await overseer.stage.pass(2 * LIMIT_SECONDS);
  const kept = runningIn(overseer);
  expect(kept).toHaveLength(2);
  const [lost = ''] = kept;
  Object.assign(region.instances.forChange(lost) ?? {}, { tags: {} });
  await overseer.stage.pass(LIMIT_SECONDS + 10 * MINUTE);
  expect(region.instances.find(lost)?.state ?? 'terminated').not.toBe('running');
  expect(region.instances.find(kept[1] ?? '')?.state).toBe('running');
});
