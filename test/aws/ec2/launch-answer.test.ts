import { afterEach, describe, expect, it } from 'vitest';
import type { Pool } from '../../../lambdas/core/model/index.ts';
import type { Answer, Call, CannedEc2 } from './canned-ec2.ts';
import { ok, refused, startCannedEc2 } from './canned-ec2.ts';
import { errorXml, fleetAt, fleetXml, launchOf, machineType, poolsOn } from './samples.ts';

let ec2: CannedEc2;
const start = async (answer: (call: Call) => Answer): Promise<CannedEc2> =>
  (ec2 = await startCannedEc2(answer));
afterEach(() => ec2.close());

describe('the answer to a launch', () => {
  it('tells which pool each machine came from, where AWS says so', async () => {
    const [first, second] = poolsOn('on-demand');
    const group = (ids: string, pool: Pool | undefined): string =>
      `<item>${pool === undefined ? '' : `<launchTemplateAndOverrides><overrides><instanceType>${pool.instanceType}</instanceType><subnetId>${pool.subnet}</subnetId></overrides></launchTemplateAndOverrides>`}<instanceIds><item>${ids}</item></instanceIds></item>`;
    const groups = group('i-01', second) + group('i-02', first) + group('i-03', undefined);
    await start(() =>
      ok('CreateFleet', `<fleetId>fleet-1</fleetId><fleetInstanceSet>${groups}</fleetInstanceSet>`),
    );
    expect(await fleetAt(ec2).launch(launchOf({ count: 3 }), machineType)).toMatchObject({
      instanceIds: ['i-01', 'i-02', 'i-03'],
      pools: new Map([
        ['i-01', second],
        ['i-02', first],
      ]),
    });
  });

  it.each([
    ['no list of instances', '<fleetId>fleet-1</fleetId>'],
    ['a group without its ids', '<fleetId>fleet-1</fleetId><fleetInstanceSet><item/></fleetInstanceSet>'],
  ])('with %s leaves open what was launched', async (_, body) => {
    await start(() => ok('CreateFleet', body));
    expect(await fleetAt(ec2).launch(launchOf(), machineType)).toMatchObject({ answered: false });
  });

  it('tells no words of a stop where a launch is not supported', async () => {
    await start(() =>
      fleetXml([], errorXml('UnsupportedOperation', 'c7i.2xlarge', 'subnet-0bbbbbbbbbbbbbbbb')),
    );
    expect(await fleetAt(ec2).launch(launchOf(), machineType)).toMatchObject({
      refusals: [
        {
          kind: 'unsupported',
          pool: poolsOn('on-demand')[1],
          remedy: expect.not.stringContaining('stop') as unknown,
        },
      ],
    });
    await ec2.close();
    await start(() => refused('UnsupportedOperation'));
    const whole = await fleetAt(ec2).launch(launchOf(), machineType);
    expect(whole).toMatchObject({ refusals: [{ kind: 'unsupported' }] });
  });
});
