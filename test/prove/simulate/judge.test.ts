/** The judge must see what it is there for: a function that breaks the rules is found out. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FARM_TAG, LAUNCH_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import type { Overseer } from '../../../local/prove/simulate/overseer.ts';
import { changes } from '../../contracts/farm-records.ts';
import { mustAcquire } from '../../contracts/state-store-lease.contract.ts';
import { callIn, farmAtWork, runningIn } from './farm-at-work.ts';

let overseer: Overseer;

beforeEach(async () => {
  overseer = await farmAtWork();
});

const rules = (): readonly number[] => [
  ...new Set(overseer.stage.world.judge.violations.map(({ rule }) => rule)),
];

const call = (action: string, input: object, effect: () => unknown): Promise<unknown> =>
  callIn(overseer, action, input, effect);

const running = (): readonly string[] => runningIn(overseer);

const pass = (seconds: number): Promise<void> => overseer.stage.pass(seconds);

describe('the judge', () => {
  it('has nothing to say of a farm at work', () => {
    expect(running().length).toBeGreaterThan(0);
    expect(rules()).toEqual([]);
  });

  it('sees a machine ended at work, on no knowledge, with time paid for, and its builds lost', async () => {
    const { power } = overseer.stage.world.region;
    const ids = running();
    await call('TerminateInstances', { InstanceIds: ids }, () => power.terminate(ids));
    await pass(60);

    expect(rules()).toEqual(expect.arrayContaining([1, 2, 4]));
    expect(overseer.stage.world.judge.builds.retriedByUs).toBeGreaterThan(0);
  });

  it('does not blame us for what a person ends', async () => {
    overseer.stage.world.region.power.terminate(running());
    await pass(60);

    expect(rules()).toEqual([]);
    expect(overseer.stage.world.judge.builds).toMatchObject({ retriedByUs: 0 });
    expect(overseer.stage.world.judge.builds.lost).toBeGreaterThan(0);
  });

  it('sees more machines than the caps allow, and more than a launch asked for', async () => {
    const { region, config } = overseer.stage.world;
    const tags = { [FARM_TAG]: config.tag, [TYPE_TAG]: 'x86_64-linux', [LAUNCH_TAG]: 'twice' };
    const [template = ''] = config.machineTypes.map(({ launchTemplate }) => launchTemplate);
    const seed = { instanceType: 'c7i.2xlarge', imageId: 'ami-02222222222222222', tags, template };
    await call('CreateFleet', { id: 'twice', count: 2 }, () => {
      for (let i = 0; i < 7; i++) region.seed(seed);
    });

    expect(rules()).toEqual([3, 5]);
  });

  it('sees that something is touched or offered which only bears our tag', async () => {
    const { file, world } = overseer.stage;
    const tags = { [FARM_TAG]: world.config.tag, [TYPE_TAG]: 'x86_64-linux' };
    const seed = { instanceType: 'c7i.2xlarge', imageId: 'ami-02222222222222222', tags };
    const { instanceId, address, hostKey } = world.region.seed(seed);
    await pass(3600);
    expect(rules()).toEqual([]);

    await call('StartInstances', { InstanceIds: [instanceId] }, () => undefined);
    const key = Buffer.from(hostKey.split(' ').slice(0, 2).join(' ')).toString('base64');
    file.replace(`${file.read()}root@${address} x86_64-linux - 2 1 - - ${key}\n`);
    world.judge.lookAtOffers(true);
    expect(world.judge.violations.map(({ rule, what }) => `${rule}: ${what}`)).toEqual([
      `5: StartInstances of ${instanceId}, which only bears our tag`,
      `5: ${instanceId} was offered, and only bears our tag`,
    ]);
  });

  it.each([
    ['a file the queue runner refuses', 'root@10.0.0.1 x86_64-linux - many'],
    ['a file without placeholders', 'root@10.0.0.1 x86_64-linux - 2'],
  ])('sees %s', async (_what, text) => {
    const { file, world } = overseer.stage;
    file.replace(`${text}\n`);
    world.judge.lookAtOffers(true);
    await pass(40);

    expect(rules()).toEqual([6]);
  });

  it('does not blame us for a line in somebody else’s file, nor for the builds that fail of it', async () => {
    const { world } = overseer.stage;
    world.staticMachines.replace('root@bad.example x86_64-linux - four 1 - - -\n');
    world.runner.stop();
    await pass(2);
    world.runner.start();
    world.runner.queue({ count: 3, system: 'x86_64-linux', seconds: 10 });
    await pass(60);

    expect(world.ledger.ended['unsupported']).toBeGreaterThanOrEqual(3);
    expect(rules()).toEqual([]);
  });

  it('sees machines that nobody needs and nobody ends, and the hours they buy', async () => {
    const { world, memory } = overseer.stage;
    world.runner.cancel([...world.runner.unfinishedBuilds]);
    // Their dead-man switch would end them if ticks did not seem to go on.
    const lease = await mustAcquire(memory, 'a tick that forgets to act', world.timeline.now + 1000);
    const farm = { backOffs: [], lastTickAt: world.timeline.now + 3 * 3600 };
    await memory.save(lease, changes({ farm }));
    await pass(3 * 3600);

    expect(rules()).toEqual(expect.arrayContaining([4, 5]));
    expect(world.judge.need.leaked).toBe(running().length);
  });
});
