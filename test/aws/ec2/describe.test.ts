import { afterEach, describe, expect, it } from 'vitest';
import { announcesInterruption } from '../../../lambdas/aws/ec2/instances.ts';
import type { Answer, Call, CannedEc2 } from './canned-ec2.ts';
import { listIn, ok, refused, startCannedEc2 } from './canned-ec2.ts';
import { FARM, fleetAt, instanceXml, reservationsXml, tagsXml } from './samples.ts';

let ec2: CannedEc2;
const start = async (answer: (call: Call) => Answer): Promise<CannedEc2> =>
  (ec2 = await startCannedEc2(answer));
afterEach(() => ec2.close());

const SPOT = '<instanceLifecycle>spot</instanceLifecycle>';

describe('our instances', () => {
  it('are found by the farm’s tag in every state, and say what they are', async () => {
    const tags = tagsXml({
      'hydra-autoscaler:farm': FARM,
      'hydra-autoscaler:type': 'x86_64-linux/i686-linux:kvm',
      'hydra-autoscaler:launch': 'launch-1',
    });
    const details = `<privateIpAddress>10.0.0.4</privateIpAddress><launchTime>2026-11-20T00:00:01.500Z</launchTime><instanceType>c7i.2xlarge</instanceType><subnetId>subnet-0a</subnetId>${tags}`;
    await start(() => ok('DescribeInstances', reservationsXml(instanceXml('i-01', 'running', details))));
    expect((await fleetAt(ec2).describe()).instances).toEqual([
      {
        instanceId: 'i-01',
        state: 'running',
        type: 'x86_64-linux,i686-linux:kvm',
        launchId: 'launch-1',
        address: '10.0.0.4',
        startedAt: Date.parse('2026-11-20T00:00:01.500Z') / 1000,
        instanceType: 'c7i.2xlarge',
        subnet: 'subnet-0a',
        market: 'on-demand',
        interrupted: false,
      },
    ]);
    const [call] = ec2.calls;
    expect(call?.get('Filter.1.Name')).toBe('tag:hydra-autoscaler:farm');
    expect([...(call?.keys() ?? [])].filter((key) => /InstanceId|Filter\.2/.test(key))).toEqual([]);
    expect(ec2.callsOf('DescribeSpotInstanceRequests')).toEqual([]);
  });

  it('may be made by hand and miss everything but the farm’s tag', async () => {
    await start(() => ok('DescribeInstances', reservationsXml(instanceXml('i-01', 'pending'))));
    expect((await fleetAt(ec2).describe()).instances).toEqual([
      { instanceId: 'i-01', state: 'pending', market: 'on-demand', interrupted: false },
    ]);
  });

  it('are taken from every page', async () => {
    const next: Record<string, string> = { '': 'two', two: 'three', three: '' };
    await start((call) => {
      const token = call.get('NextToken') ?? '';
      const more = next[token] === '' ? '' : `<nextToken>${next[token] ?? ''}</nextToken>`;
      return ok('DescribeInstances', reservationsXml(instanceXml(`i-0${token.length}`)) + more);
    });
    const ids = (await fleetAt(ec2).describe()).instances.map(({ instanceId }) => instanceId);
    expect(ids).toEqual(['i-00', 'i-03', 'i-05']);
  });

  it('are none only when EC2 says none', async () => {
    await start(() => ok('DescribeInstances', '<reservationSet/>'));
    expect(await fleetAt(ec2).describe()).toEqual({ instances: [], problems: [] });
  });

  it.each([
    ['a refusal', refused('UnauthorizedOperation', 403), /it is/],
    ['an empty body', { status: 200, body: '' }, /between us and AWS/],
    ['a page of a proxy', { status: 200, body: '<html>Welcome</html>' }, /between us and AWS/],
    ['a lost connection', 'connection lost', /socket/],
    [
      'a reservation without its list',
      ok('DescribeInstances', '<reservationSet><item/></reservationSet>'),
      /without a list/,
    ],
    ['an instance without an id', ok('DescribeInstances', reservationsXml('<item/>')), /without an id/],
  ] as const)('are unknown, not none, after %s', async (_, answer, reason) => {
    await start(() => answer);
    await expect(fleetAt(ec2).describe()).rejects.toThrow(reason);
  });

  it('in a state nobody has heard of do not hide the others, and are told by name', async () => {
    const instances = [
      instanceXml('i-01', 'hibernating'),
      instanceXml('i-02'),
      '<item><instanceId>i-03</instanceId></item>',
    ];
    await start(() => ok('DescribeInstances', reservationsXml(...instances)));
    const described = await fleetAt(ec2).describe();
    expect(described.instances.map(({ instanceId, state }) => [instanceId, state])).toEqual([
      ['i-01', 'unknown'],
      ['i-02', 'running'],
      ['i-03', 'unknown'],
    ]);
    expect(described.problems).toEqual([
      { says: expect.stringContaining('EC2 says instance i-01 is "hibernating"') as unknown },
      { says: expect.stringContaining('EC2 says instance i-03 is "undefined"') as unknown },
    ]);
  });

  it('say why they are in their state, in few words', async () => {
    const reason = (code: string, message: string): string =>
      `<stateReason><code>${code}</code><message>${message}</message></stateReason>`;
    await start(() =>
      ok(
        'DescribeInstances',
        reservationsXml(
          instanceXml('i-01', 'terminated', reason('Client.InvalidKMSKey.InvalidState', 'm'.repeat(5000))),
          instanceXml('i-02', 'running', reason('', '')),
        ),
      ),
    );
    const [ended, running] = (await fleetAt(ec2).describe()).instances;
    expect(ended?.stateReason).toEqual({
      code: 'Client.InvalidKMSKey.InvalidState',
      message: 'm'.repeat(300),
    });
    expect(running).not.toHaveProperty('stateReason');
  });
});

describe('spot instances', () => {
  it('are asked for an announced interruption while they live, in filters EC2 takes', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `i-${String(index).padStart(3, '0')}`);
    const instances = [
      ...ids.map((id) => instanceXml(id, 'running', SPOT)),
      instanceXml('i-gone', 'terminated', SPOT),
    ];
    await start((call) =>
      call.get('Action') === 'DescribeInstances'
        ? ok('DescribeInstances', reservationsXml(...instances))
        : ok(
            'DescribeSpotInstanceRequests',
            `<spotInstanceRequestSet>${listIn(call, 'Filter.1.Value')
              .map((id) => {
                const code = id === 'i-217' ? 'marked-for-termination' : 'fulfilled';
                return `<item><instanceId>${id}</instanceId><status><code>${code}</code></status></item>`;
              })
              .join('')}</spotInstanceRequestSet>`,
          ),
    );
    const described = (await fleetAt(ec2).describe()).instances;
    expect(described.filter(({ interrupted }) => interrupted).map(({ instanceId }) => instanceId)).toEqual([
      'i-217',
    ]);
    expect(described.every(({ market }) => market === 'spot')).toBe(true);
    const asked = ec2.callsOf('DescribeSpotInstanceRequests').map((call) => listIn(call, 'Filter.1.Value'));
    expect(asked.map((values) => values.length)).toEqual([200, 50]);
    expect(asked.flat()).toEqual(ids);
  });

  it.each([
    ['refused', refused('UnauthorizedOperation', 403), 'was refused: UnauthorizedOperation: '],
    ['throttled', refused('RequestLimitExceeded', 503), 'was refused: RequestLimitExceeded: '],
    ['answered by a proxy', { status: 200, body: '<html/>' }, 'without a list'],
    ['not answered', 'connection lost', 'no clear answer'],
  ] as const)(
    'are shown although whom AWS takes is unknown: the question is %s',
    async (_, answer, words) => {
      await start((call) =>
        call.get('Action') === 'DescribeInstances'
          ? ok(
              'DescribeInstances',
              reservationsXml(instanceXml('i-01', 'running', SPOT), instanceXml('i-02')),
            )
          : answer,
      );
      const { instances, problems } = await fleetAt(ec2).describe();
      expect(instances.map(({ interrupted }) => interrupted)).toEqual([undefined, false]);
      expect(problems).toMatchObject([{ says: expect.stringContaining(words) as unknown }]);
      expect(problems[0]?.says).toContain('DescribeSpotInstanceRequests');
    },
  );

  it.each([
    ['marked-for-termination', true],
    ['marked-for-stop', true],
    ['instance-terminated-no-capacity', true],
    ['instance-terminated-by-price', true],
    ['instance-stopped-capacity-oversubscribed', true],
    ['instance-terminated-by-user', false],
    ['instance-stopped-by-user', false],
    ['fulfilled', false],
    ['request-canceled-and-instance-running', false],
    ['', false],
  ])('with status %s: interrupted %s', (code, expected) => {
    expect(announcesInterruption(code)).toBe(expected);
  });
});
