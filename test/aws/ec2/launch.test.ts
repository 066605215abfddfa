import { afterEach, describe, expect, it } from 'vitest';
import type { Call, CannedEc2, Answer } from './canned-ec2.ts';
import { ok, refused, startCannedEc2 } from './canned-ec2.ts';
import {
  FARM,
  StandingClock,
  errorXml,
  fleetAt,
  fleetXml,
  instanceXml,
  launchOf,
  machineType,
  poolsOn,
  reservationsXml,
  tagsXml,
} from './samples.ts';

let ec2: CannedEc2;
const start = async (answer: (call: Call) => Answer): Promise<CannedEc2> =>
  (ec2 = await startCannedEc2(answer));
afterEach(() => ec2.close());

const ANYWHERE = { instanceType: '', subnet: '' };

describe('what a launch sends', () => {
  it('is one instant fleet that names the launch, its pools in order and its tags', async () => {
    await start(() => fleetXml(['i-01', 'i-02']));
    const result = await fleetAt(ec2).launch(launchOf(), machineType);
    expect(result).toEqual({ answered: true, instanceIds: ['i-01', 'i-02'], pools: new Map(), refusals: [] });
    const sent = Object.fromEntries(ec2.calls[0] ?? []);
    expect(sent).toMatchObject({
      Action: 'CreateFleet',
      Type: 'instant',
      ClientToken: 'launch-1',
      'TargetCapacitySpecification.TotalTargetCapacity': '2',
      'TargetCapacitySpecification.DefaultTargetCapacityType': 'on-demand',
      'OnDemandOptions.AllocationStrategy': 'prioritized',
      'LaunchTemplateConfigs.1.LaunchTemplateSpecification.LaunchTemplateName': 'hydra-builder',
      'LaunchTemplateConfigs.1.LaunchTemplateSpecification.Version': '$Latest',
      'LaunchTemplateConfigs.1.Overrides.1.InstanceType': 'c7i.2xlarge',
      'LaunchTemplateConfigs.1.Overrides.1.SubnetId': 'subnet-0aaaaaaaaaaaaaaaa',
      'LaunchTemplateConfigs.1.Overrides.1.ImageId': 'ami-01111111111111111',
      'LaunchTemplateConfigs.1.Overrides.1.Priority': '0',
      'LaunchTemplateConfigs.1.Overrides.4.InstanceType': 'c7a.2xlarge',
      'LaunchTemplateConfigs.1.Overrides.4.Priority': '3',
      'TagSpecification.1.ResourceType': 'instance',
      'TagSpecification.1.Tag.1.Key': 'hydra-autoscaler:farm',
      'TagSpecification.1.Tag.1.Value': FARM,
      'TagSpecification.1.Tag.2.Value': 'x86_64-linux/i686-linux:kvm',
      'TagSpecification.1.Tag.3.Value': 'launch-1',
      'TagSpecification.2.ResourceType': 'volume',
    });
  });

  it('buys spot where capacity is best, and leaves the subnet to the template where none is given', async () => {
    await start(() => fleetXml(['i-01']));
    const pools = [{ instanceType: 'c7i.2xlarge', subnet: '', market: 'spot' as const }];
    await fleetAt(ec2).launch(launchOf({ count: 1, pools }), machineType);
    const sent = ec2.calls[0] ?? new Map<string, string>();
    expect(sent.get('SpotOptions.AllocationStrategy')).toBe('price-capacity-optimized');
    expect(sent.get('SpotOptions.InstanceInterruptionBehavior')).toBe('terminate');
    expect(sent.get('TargetCapacitySpecification.DefaultTargetCapacityType')).toBe('spot');
    expect([...sent.keys()].filter((key) => /SubnetId|Priority|OnDemandOptions/.test(key))).toEqual([]);
  });

  it.each([
    ['a choice that its type no longer leaves to EC2', { pools: [{ ...ANYWHERE, market: 'spot' as const }] }],
    ['two markets', { pools: [...poolsOn('spot'), ...poolsOn('on-demand')] }],
    ['no pool', { pools: [] }],
    ['no machine', { count: 0 }],
    ['a token EC2 would cut', { id: 'x'.repeat(65) }],
    ['a type that cannot be a tag', { type: 'x86_64-linux/kvm' }],
  ])('is nothing for a launch with %s: a refusal says so', async (_, changes) => {
    await start(() => fleetXml([]));
    const result = await fleetAt(ec2).launch(launchOf(changes), machineType);
    expect(result).toMatchObject({ answered: true, instanceIds: [], refusals: [{ kind: 'configuration' }] });
    expect(ec2.calls).toEqual([]);
  });
});

describe('how an answer is read', () => {
  it('takes what was launched and names the pool of each refusal, once', async () => {
    const ice = errorXml('InsufficientInstanceCapacity', 'c7i.2xlarge', 'subnet-0bbbbbbbbbbbbbbbb');
    await start(() => fleetXml(['i-01'], ice + ice + errorXml('VeryNewCode', 'z9.large', 'subnet-0')));
    const result = await fleetAt(ec2).launch(launchOf({ count: 3 }), machineType);
    expect(result).toMatchObject({
      answered: true,
      instanceIds: ['i-01'],
      refusals: [
        { kind: 'capacity', code: 'InsufficientInstanceCapacity', pool: poolsOn('on-demand')[1] },
        { kind: 'unknown', code: 'VeryNewCode' },
      ],
    });
  });

  it('does not take silence about missing machines for success', async () => {
    await start(() => fleetXml(['i-01']));
    const result = await fleetAt(ec2).launch(launchOf({ count: 2 }), machineType);
    expect(result).toMatchObject({ instanceIds: ['i-01'], refusals: [{ kind: 'capacity' }] });
  });

  it.each([
    ['a lost connection', 'connection lost'],
    ['an unknown failure inside EC2', refused('InternalError', 500)],
    ['a server error without a body', { status: 500, body: '' }],
    ['a page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['a page of a proxy that says all is well', { status: 200, body: '<html>Welcome</html>' }],
    ['half an answer', { status: 200, body: '<CreateFleetResponse><fleet' }],
    ['no answer in an empty body', { status: 200, body: '' }],
  ] as const)('leaves the outcome open after %s, and sends nothing twice by itself', async (_, answer) => {
    await start(() => answer);
    const result = await fleetAt(ec2).launch(launchOf(), machineType);
    expect(result).toMatchObject({ answered: false });
    expect(ec2.calls).toHaveLength(1);
  });

  it('takes want of capacity for an answer although it comes as a server error, and asks once', async () => {
    await start(() => refused('InsufficientInstanceCapacity', 500));
    const result = await fleetAt(ec2).launch(launchOf(), machineType);
    expect(result).toMatchObject({ answered: true, instanceIds: [], refusals: [{ kind: 'capacity' }] });
    expect(ec2.calls).toHaveLength(1);
  });

  it('blames the only pool there was when the whole request is refused', async () => {
    await start(() => refused('InsufficientInstanceCapacity', 500));
    const [pool] = poolsOn('on-demand');
    const result = await fleetAt(ec2).launch(
      launchOf({ pools: pool === undefined ? [] : [pool] }),
      machineType,
    );
    expect(result).toMatchObject({ refusals: [{ kind: 'capacity', pool }] });
  });

  it.each(['IdempotentParameterMismatch', 'IdempotentInstanceTerminated'])(
    'finds by tag and mark what an earlier send made when the token is used (%s)',
    async (code) => {
      const template = `<item><launchTemplateId>lt-1</launchTemplateId><launchTemplateName>${machineType.launchTemplate}</launchTemplateName></item>`;
      const marks = { 'aws:ec2launchtemplate:id': 'lt-1', 'aws:ec2:fleet-id': 'fleet-1' };
      const made = instanceXml('i-07', 'running', tagsXml(marks));
      const tagged = instanceXml('i-08', 'running', tagsXml({ 'hydra-autoscaler:launch': 'launch-1' }));
      await start((call) => {
        if (call.get('Action') === 'CreateFleet') return refused(code);
        return call.get('Action') === 'DescribeLaunchTemplates'
          ? ok('DescribeLaunchTemplates', `<launchTemplates>${template}</launchTemplates>`)
          : ok('DescribeInstances', reservationsXml(made, tagged));
      });
      const result = await fleetAt(ec2).launch(launchOf(), machineType);
      expect(result).toEqual({ answered: true, instanceIds: ['i-07'], pools: new Map(), refusals: [] });
      expect([...(ec2.callsOf('DescribeInstances')[0] ?? [])]).toContainEqual([
        'Filter.2.Value.1',
        'launch-1',
      ]);
    },
  );

  it('leaves the outcome open when the token is used and nobody can say for what', async () => {
    await start((call) =>
      refused(call.get('Action') === 'CreateFleet' ? 'IdempotentParameterMismatch' : 'UnauthorizedOperation'),
    );
    expect(await fleetAt(ec2).launch(launchOf(), machineType)).toMatchObject({ answered: false });
  });
});

describe('the image of a launch', () => {
  const type = {
    ...machineType,
    image: { owner: '427812963091', name: 'nixos/26.05*', architecture: 'x86_64' },
  } as const;
  const imageXml = (id: string, date: string): string =>
    `<item><imageId>${id}</imageId><creationDate>${date}</creationDate></item>`;
  const answering =
    (images: () => string) =>
    (call: Call): Answer =>
      call.get('Action') === 'DescribeImages'
        ? ok('DescribeImages', `<imagesSet>${images()}</imagesSet>`)
        : fleetXml(['i-01', 'i-02']);
  const launchedImages = (): (string | undefined)[] =>
    ec2.callsOf('CreateFleet').map((call) => call.get('LaunchTemplateConfigs.1.Overrides.1.ImageId'));

  it('is the newest that fits, and stays the same for a second send', async () => {
    const published = [
      imageXml('ami-02', '2026-11-08T00:00:00.000Z'),
      imageXml('ami-01', '2026-11-01T00:00:00.000Z'),
    ];
    await start(answering(() => published.join('')));
    const clock = new StandingClock();
    const fleet = fleetAt(ec2, { clock });
    await fleet.launch(launchOf(), type);
    published.unshift(imageXml('ami-03', '2026-11-15T00:00:00.000Z'));
    await fleet.launch(launchOf(), type);
    expect(launchedImages()).toEqual(['ami-02', 'ami-02']);
    expect(ec2.callsOf('DescribeImages')).toHaveLength(1);
    clock.at += 3600;
    await fleet.launch(launchOf({ id: 'launch-2' }), type);
    expect(launchedImages().at(-1)).toBe('ami-03');
  });

  it('is asked for among the owner’s available ones of the architecture', async () => {
    await start(answering(() => imageXml('ami-01', '2026-11-01T00:00:00.000Z')));
    await fleetAt(ec2).launch(launchOf(), type);
    expect([...(ec2.callsOf('DescribeImages')[0]?.values() ?? [])]).toEqual(
      expect.arrayContaining(['427812963091', 'nixos/26.05*', 'x86_64', 'available']),
    );
  });

  it('is a matter of configuration when there is none', async () => {
    await start(answering(() => ''));
    const result = await fleetAt(ec2).launch(launchOf(), type);
    expect(result).toMatchObject({ answered: true, refusals: [{ kind: 'configuration', code: 'NoImage' }] });
    expect(ec2.callsOf('CreateFleet')).toEqual([]);
  });

  it('leaves the launch open when nobody can say which it is', async () => {
    await start(() => 'connection lost');
    expect(await fleetAt(ec2).launch(launchOf(), type)).toMatchObject({ answered: false });
  });
});
