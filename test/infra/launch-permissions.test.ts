/** What AWS would say to the function's calls, by an independent simulator: every one it makes, and the ones it must not get away with. */
import { describe, expect, it } from 'vitest';
import { ACCOUNT, Account, REGION } from './account.ts';
import { policiesOf, rule } from './iam.ts';
import type { Ruling } from './iam.ts';
import { example, fullConfig, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

const ROLE = 'AutoscalerReconcileRole';
const PRINCIPAL = `arn:aws:iam::${ACCOUNT}:role/${ROLE}`;
/** Where the configuration names no tag: the stack's name. */
const FARM = 'hydra-autoscaler';
const TAGGED = { 'aws:ResourceTag/hydra-autoscaler:farm': FARM };
/** EC2's own mark of what a fleet launched, beside the tag. */
const MARKED = { ...TAGGED, 'aws:ResourceTag/aws:ec2:fleet-id': 'fleet-1' };
const OF_OTHERS = { 'aws:ResourceTag/hydra-autoscaler:farm': 'another' };
const TAGGING = { 'aws:RequestTag/hydra-autoscaler:farm': FARM };

const ec2 = (kind: string, id: string): string => `arn:aws:ec2:${REGION}:${ACCOUNT}:${kind}/${id}`;
const image = (id: string): string => `arn:aws:ec2:${REGION}::image/${id}`;
const snapshot = (id: string): string => `arn:aws:ec2:${REGION}::snapshot/${id}`;

/** What a key has by default: what roles of its account may do with it, their own policies say. */
const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
  ],
};

class Farm {
  readonly account: Account;
  readonly #identity: readonly Json[];

  constructor(config: unknown) {
    this.account = new Account(synth({ config }));
    this.#identity = policiesOf(this.account, ROLE);
  }

  may(action: string, resource: string, context: Readonly<Record<string, string>> = {}): Promise<Ruling> {
    const policies = {
      identity: this.#identity,
      ...(action.startsWith('kms:') && { resource: KEY_POLICY }),
    };
    return rule({ principal: PRINCIPAL, action, resource, context }, policies);
  }

  /** The id of a resource whose logical id contains `part`. */
  id(type: string, part: string): string {
    const found = Object.keys(this.account.all(type)).find((id) => id.includes(part));
    if (found === undefined) throw new Error(`the stack makes no ${type} ${part}`);
    return found;
  }
}

const plain = new Farm(example());
const full = new Farm(fullConfig());
const ownTemplate = ec2('launch-template', plain.id('AWS::EC2::LaunchTemplate', 'x8664linux'));
const ownGroup = (farm: Farm): string =>
  ec2('security-group', `${farm.id('AWS::EC2::SecurityGroup', 'x8664linux')}-GroupId`);

describe('asking for a fleet', () => {
  const things = [
    ec2('fleet', 'fleet-1'),
    ec2('instance', 'i-1'),
    ec2('volume', 'vol-1'),
    ec2('launch-template', 'lt-which-nobody-has-resolved'),
    ec2('subnet', 'subnet-which-nobody-has-resolved'),
    ec2('placement-group', 'together'),
    ec2('capacity-reservation', 'cr-1'),
    image('ami-1'),
  ];

  it.each(things)('is allowed on %s, under whatever id EC2 looks at it', async (thing) => {
    for (const farm of [plain, full]) expect(await farm.may('ec2:CreateFleet', thing)).toBe('Allowed');
  });
});

describe('asking what EC2 would choose, and what it costs', () => {
  it.each<[string, Ruling, Ruling]>([
    ['ec2:GetInstanceTypesFromInstanceRequirements', 'ImplicitlyDenied', 'Allowed'],
    ['ec2:DescribeInstanceTypeOfferings', 'ImplicitlyDenied', 'Allowed'],
    ['ec2:DescribeSpotPriceHistory', 'Allowed', 'Allowed'],
    ['pricing:GetProducts', 'Allowed', 'Allowed'],
    ['pricing:DescribeServices', 'ImplicitlyDenied', 'ImplicitlyDenied'],
  ])('%s: %s, and %s where EC2 chooses for a type', async (action, listed, chosen) => {
    expect([await plain.may(action, '*'), await full.may(action, '*')]).toEqual([listed, chosen]);
  });
});

describe('launching', () => {
  const machine = ec2('instance', '*');

  it.each<[string, string, Readonly<Record<string, string>>, Ruling]>([
    [
      'a tagged machine from our template',
      machine,
      { ...TAGGING, 'ec2:LaunchTemplate': ownTemplate },
      'Allowed',
    ],
    ['a tagged machine where EC2 names no template', machine, TAGGING, 'Allowed'],
    [
      'a tagged machine of whatever instance type EC2 has chosen',
      machine,
      { ...TAGGING, 'ec2:InstanceType': 'r7a.2xlarge' },
      'Allowed',
    ],
    [
      'a tagged machine from another template',
      machine,
      { ...TAGGING, 'ec2:LaunchTemplate': ec2('launch-template', 'lt-of-another') },
      'ImplicitlyDenied',
    ],
    ['a machine without the tag', machine, { 'ec2:LaunchTemplate': ownTemplate }, 'ImplicitlyDenied'],
    ['our template', ownTemplate, {}, 'Allowed'],
    ['another template', ec2('launch-template', 'lt-of-another'), TAGGED, 'ImplicitlyDenied'],
    ['our security group', ownGroup(plain), {}, 'Allowed'],
    ['another security group', ec2('security-group', 'sg-other'), TAGGED, 'ImplicitlyDenied'],
    ['an image of NixOS', image('ami-1'), { 'ec2:Owner': '427812963091' }, 'Allowed'],
    ['an image of anybody', image('ami-1'), { 'ec2:Owner': '999999999999' }, 'ImplicitlyDenied'],
    ['a tagged volume', ec2('volume', '*'), TAGGING, 'Allowed'],
    ['a volume without the tag', ec2('volume', '*'), {}, 'ImplicitlyDenied'],
    ['a tagged network interface', ec2('network-interface', '*'), TAGGING, 'Allowed'],
    ['a subnet of the default VPC', ec2('subnet', 'subnet-1'), {}, 'Allowed'],
    ['a key pair', ec2('key-pair', 'mine'), TAGGED, 'ImplicitlyDenied'],
    ['a spot request', ec2('spot-instances-request', '*'), {}, 'ImplicitlyDenied'],
  ])('%s: as it should be', async (_what, resource, context, ruling) => {
    expect(await plain.may('ec2:RunInstances', resource, context)).toBe(ruling);
  });

  it.each([
    ec2('launch-template', 'lt-mine'),
    ec2('security-group', 'sg-mine'),
    ec2('key-pair', 'mine'),
    ec2('placement-group', 'together'),
    ec2('capacity-reservation', 'cr-1'),
    snapshot('snap-1'),
  ])('what a template of somebody’s own names has to bear the tag: %s', async (thing) => {
    expect(await full.may('ec2:RunInstances', thing, TAGGED)).toBe('Allowed');
    expect(await full.may('ec2:RunInstances', thing, OF_OTHERS)).toBe('ImplicitlyDenied');
    expect(await full.may('ec2:RunInstances', thing)).toBe('ImplicitlyDenied');
    expect(await plain.may('ec2:RunInstances', thing, TAGGED)).toBe('ImplicitlyDenied');
  });

  it('spot machines, images by id and into listed subnets only where the configuration says so', async () => {
    expect(await full.may('ec2:RunInstances', ec2('spot-instances-request', '*'))).toBe('Allowed');
    expect(await full.may('ec2:RunInstances', image('ami-0123456789abcdef0'))).toBe('Allowed');
    const subnets = ['subnet-0123456789abcdef0'];
    const listed = new Farm({ ...example(), systemTypes: { 'x86_64-linux': { subnets } } });
    expect(await listed.may('ec2:RunInstances', ec2('subnet', subnets[0] ?? ''))).toBe('Allowed');
    expect(await listed.may('ec2:RunInstances', ec2('subnet', 'subnet-other'))).toBe('ImplicitlyDenied');
  });

  it('tags what it launches with the farm’s tag, and nothing else ever', async () => {
    const tags = (resource: string, context: Readonly<Record<string, string>>): Promise<Ruling> =>
      plain.may('ec2:CreateTags', resource, context);
    for (const kind of ['fleet', 'instance', 'volume', 'network-interface']) {
      for (const by of ['RunInstances', 'CreateFleet'])
        expect(await tags(ec2(kind, 'x'), { ...TAGGING, 'ec2:CreateAction': by })).toBe('Allowed');
      expect(await tags(ec2(kind, 'x'), TAGGING)).toBe('ImplicitlyDenied');
      expect(await tags(ec2(kind, 'x'), { 'ec2:CreateAction': 'RunInstances' })).toBe('ImplicitlyDenied');
    }
    expect(await tags(ec2('security-group', 'x'), TAGGING)).toBe('ImplicitlyDenied');
  });

  it('passes roles of builders to EC2, and to nobody else, nor its own', async () => {
    const builder = plain.account.arn(plain.id('AWS::IAM::Role', 'BuilderRole'));
    const to = (role: string, service: string): Promise<Ruling> =>
      plain.may('iam:PassRole', role, { 'iam:PassedToService': service });
    expect(await to(builder, 'ec2.amazonaws.com')).toBe('Allowed');
    expect(await to(builder, 'lambda.amazonaws.com')).toBe('ImplicitlyDenied');
    expect(await to(plain.account.arn(plain.id('AWS::IAM::Role', ROLE)), 'ec2.amazonaws.com')).toBe(
      'ImplicitlyDenied',
    );
    expect(
      await full.may('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/my-builder`, {
        'iam:PassedToService': 'ec2.amazonaws.com',
      }),
    ).toBe('Allowed');
  });
});

describe('everything else', () => {
  const [host = ''] = [ec2('instance', 'i-0a1b2c3d4e5f60718')];

  it.each(['StartInstances', 'StopInstances', 'TerminateInstances', 'GetConsoleOutput'])(
    '%s is for machines with the farm’s tag',
    async (call) => {
      expect(await plain.may(`ec2:${call}`, ec2('instance', 'i-1'), MARKED)).toBe('Allowed');
      expect(await plain.may(`ec2:${call}`, ec2('instance', 'i-1'), TAGGED)).toBe('ImplicitlyDenied');
      expect(await plain.may(`ec2:${call}`, ec2('instance', 'i-1'), OF_OTHERS)).toBe('ImplicitlyDenied');
      expect(await plain.may(`ec2:${call}`, host)).toBe('ImplicitlyDenied');
    },
  );

  it('runs our documents and no others, on the host and on tagged machines', async () => {
    const run = (resource: string, context: Readonly<Record<string, string>> = {}): Promise<Ruling> =>
      plain.may('ssm:SendCommand', resource, context);
    const documents = Object.keys(plain.account.all('AWS::SSM::Document'));
    expect(documents.length).toBeGreaterThan(3);
    for (const name of documents)
      expect(await run(`arn:aws:ssm:${REGION}:${ACCOUNT}:document/${name}`)).toBe('Allowed');
    expect(await run(`arn:aws:ssm:${REGION}:${ACCOUNT}:document/another`)).toBe('ImplicitlyDenied');
    expect(await run(host)).toBe('Allowed');
    expect(await run(ec2('instance', 'i-1'), MARKED)).toBe('Allowed');
    expect(await run(ec2('instance', 'i-1'), OF_OTHERS)).toBe('ImplicitlyDenied');
    const onHybrid = `arn:aws:ssm:${REGION}:${ACCOUNT}:managed-instance/mi-0a1b2c3d4e5f60718`;
    expect(await full.may('ssm:SendCommand', onHybrid)).toBe('Allowed');
    expect(await run(onHybrid)).toBe('ImplicitlyDenied');
  });

  it('uses keys of disks through EC2 only, and grants them to AWS only', async () => {
    const key = String(((fullConfig()['deploy'] as JsonObject)['kmsKeys'] as Json[])[0]);
    const byEc2 = { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` };
    expect(await full.may('kms:Decrypt', key, byEc2)).toBe('Allowed');
    expect(await full.may('kms:Decrypt', key)).toBe('ImplicitlyDenied');
    const forAws = { ...byEc2, 'kms:GrantIsForAWSResource': 'true' };
    expect(await full.may('kms:CreateGrant', key, forAws)).toBe('Allowed');
    expect(await full.may('kms:CreateGrant', key, { ...byEc2, 'kms:GrantIsForAWSResource': 'false' })).toBe(
      'ImplicitlyDenied',
    );
  });
});
