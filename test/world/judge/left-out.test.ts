/** What every answer of EC2 so far has left out cannot be counted; what one has shown must be. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FARM_TAG, LAUNCH_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import type { Overseer } from '../../../local/prove/simulate/overseer.ts';
import { callIn, farmAtWork } from '../../prove/simulate/farm-at-work.ts';

const SEED = { instanceType: 'c7i.2xlarge', imageId: 'ami-02222222222222222' };

let overseer: Overseer;

beforeEach(async () => {
  overseer = await farmAtWork();
  const { world } = overseer.stage;
  const tags = { [FARM_TAG]: world.config.tag, [TYPE_TAG]: 'x86_64-linux' };
  for (let i = 0; i < 10; i++) world.region.seed({ ...SEED, tags });
});

function look(): void {
  const { listings, instances, timeline } = overseer.stage.world.region;
  listings.shown(instances.visible(timeline.now), false);
}

/** The rules that the launch of one machine breaks. */
async function rulesBrokenByLaunch(): Promise<readonly number[]> {
  const { region, config, judge } = overseer.stage.world;
  const tags = { [FARM_TAG]: config.tag, [TYPE_TAG]: 'x86_64-linux', [LAUNCH_TAG]: 'one' };
  const [template = ''] = config.machineTypes.map(({ launchTemplate }) => launchTemplate);
  await callIn(overseer, 'CreateFleet', { id: 'one', count: 1 }, () =>
    region.seed({ ...SEED, tags, template }),
  );
  return judge.violations.map(({ rule }) => rule);
}

describe('machines that others made', () => {
  it('count once they can have been seen, though nobody looked', async () => {
    await overseer.stage.pass(600);

    expect(await rulesBrokenByLaunch()).toContain(3);
  });

  it('do not count while every answer has left them out', async () => {
    const end = overseer.stage.world.region.listings.shorten('empty');
    await overseer.stage.pass(600);
    look();
    end();

    expect(await rulesBrokenByLaunch()).toEqual([]);
  });

  it('do not count while only somebody has been shown them who died at once', async () => {
    look();
    overseer.stage.world.judge.died();
    const end = overseer.stage.world.region.listings.shorten('empty');
    await overseer.stage.pass(600);
    look();
    end();

    expect(await rulesBrokenByLaunch()).toEqual([]);
  });

  it('count for good once an answer has shown them', async () => {
    look();
    const end = overseer.stage.world.region.listings.shorten('empty');
    await overseer.stage.pass(600);
    look();
    end();

    expect(await rulesBrokenByLaunch()).toContain(3);
  });
});
