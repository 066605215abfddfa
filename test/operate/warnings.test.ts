/** AWS's two minutes' notice of a spot machine: it cannot wait for the schedule when a tick is at work. */
import { describe, expect, it } from 'vitest';
import { OperateBench, TYPE } from './bench.ts';

const notice = (what: string, instanceId: string) => ({
  source: 'aws.ec2',
  'detail-type': what,
  detail: { 'instance-id': instanceId, 'instance-action': 'terminate' },
});

async function benchWithDeadTick() {
  const bench = new OperateBench({
    systemTypes: { [TYPE]: { maxMachines: 2, maxJobs: 2, billing: 'per-second', market: 'spot' } },
  });
  await bench.busyFarm({ count: 2, seconds: 3000 });
  const id = await bench.firstMachine();
  await bench.store.acquire('a tick that died', bench.now, 60);
  bench.world.region.spot.interrupt(id);
  return { bench, id };
}

describe('an interruption warning that finds a tick at work', () => {
  it('waits for it and takes the machine off before AWS does', async () => {
    const { bench, id } = await benchWithDeadTick();
    const answered = bench.send(notice('EC2 Spot Instance Interruption Warning', id));
    await bench.pass(100);
    expect((await bench.machines())[id]).not.toBe('ready');
    await bench.pass(200);
    expect(await answered).toMatchObject({ result: 'done' });
  });

  it('is alone in that: other events leave it to the schedule', async () => {
    const { bench, id } = await benchWithDeadTick();
    const answered = bench.send(notice('EC2 Instance State-change Notification', id));
    await bench.pass(10);
    expect(await answered).toMatchObject({ result: 'busy' });
  });
});
