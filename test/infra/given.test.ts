/** What an app of somebody's own gives as constructs, and takes from ours. */
import { CfnParameter } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IPeer, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HydraAutoscalerProps } from '../../infra/autoscaler-props.ts';
import { HydraAutoscaler } from '../../infra/hydra-autoscaler.ts';
import { FARM, KEY, SOURCE, farmIn, ownStack, propertiesIn } from './own-app.ts';
import { configFile, example } from './synth.ts';

let stack: Stack;
beforeEach(() => {
  stack = ownStack();
});

const farm = (props: Partial<HydraAutoscalerProps> = {}): HydraAutoscaler => farmIn(stack, props);
const ingress = (): readonly unknown[] =>
  propertiesIn(stack, 'AWS::EC2::SecurityGroup').map((group) => group['SecurityGroupIngress']);

describe('a farm that is written in the app', () => {
  it('is that of a file that says the same', () => {
    farm();
    const withoutNames = (text: unknown): unknown =>
      JSON.parse(JSON.stringify(text).replace(/[0-9a-f]{64}\.zip/g, 'CODE'));
    const inApp = Template.fromStack(stack).toJSON();
    const other = ownStack();
    const written = { ...FARM, deploy: { hydraSource: '10.0.0.5/32', queueRunnerKey: KEY } };
    new HydraAutoscaler(other, 'Farm', { farm: configFile(written) });
    // The configuration itself is in the function's code.
    expect(withoutNames(Template.fromStack(other).toJSON())).toEqual(withoutNames(inApp));
  });

  it('is refused with all its problems at once, like a file', () => {
    const wrong = { ...FARM, maxTotalMachines: -1, host: { instanceId: 'hydra' } };
    expect(() => farm({ farm: wrong })).toThrow(
      /maxTotalMachines[\s\S]*host\.instanceId|host\.instanceId[\s\S]*maxTotalMachines/,
    );
  });

  it('may not say what only a deployment knows: the function reads it as it is written', () => {
    const name = new CfnParameter(stack, 'Program').valueAsString;
    const command = { ...FARM, host: { ...FARM.host, statusCommand: [name] } };
    expect(() => farm({ farm: command })).toThrow(/host\.statusCommand\.0: is known only when/);
  });

  it('still needs what nobody has given', () => {
    expect(() => new HydraAutoscaler(stack, 'Farm', { farm: FARM })).toThrow(
      /deploy\.hydraSource: is missing[\s\S]*deploy\.queueRunnerKey: is missing/,
    );
  });
});

describe('who reaches machines', () => {
  it.each<readonly [string, (stack: Stack) => IPeer, object]>([
    ['a range', () => SOURCE, { CidrIp: '10.0.0.5/32' }],
    ['a group', () => Peer.securityGroupId('sg-0a1b2c3d'), { SourceSecurityGroupId: 'sg-0a1b2c3d' }],
    [
      'a group of the app',
      (scope) => new SecurityGroup(scope, 'Host', { vpc: new Vpc(scope, 'Net') as IVpc }),
      { SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Host/), 'GroupId'] } },
    ],
    [
      'a range that is known when it is deployed',
      (scope) => Peer.ipv4(new CfnParameter(scope, 'Range').valueAsString),
      { CidrIp: { Ref: 'Range' } },
    ],
    ['a list of prefixes', () => Peer.prefixList('pl-0a1b2c3d'), { SourcePrefixListId: 'pl-0a1b2c3d' }],
  ])('is %s, whatever the file says', (_what, source, rule) => {
    farm({ farm: { ...FARM, deploy: { hydraSource: '10.9.9.9/32' } }, hydraSource: source(stack) });
    const machines = ingress().filter((rules) => JSON.stringify(rules)?.includes('the Hydra host'));
    expect(machines).toEqual([[expect.objectContaining(rule)], [expect.objectContaining(rule)]]);
    expect(JSON.stringify(machines)).not.toContain('10.9.9.9');
  });

  it('is not everybody, in whatever words', () => {
    expect(() => farm({ hydraSource: Peer.anyIpv4() })).toThrow(
      /0\.0\.0\.0\/0 opens port 22 of every builder/,
    );
  });

  it('is nobody by IPv6', () => {
    expect(() => farm({ hydraSource: Peer.ipv6('2001:db8::/32') })).toThrow(/IPv6/);
  });

  it('has a default port where all types have the same', () => {
    const typed = (arm: number) => ({ 'x86_64-linux': { sshPort: 2222 }, 'aarch64-linux': { sshPort: arm } });
    const port = (arm: number) =>
      farm({ farm: { ...FARM, systemTypes: typed(arm) } }).connections.defaultPort?.toString();
    expect(port(2222)).toBe('2222');
    stack = ownStack();
    expect(port(22)).toBeUndefined();
  });

  it('may be extended by rules, of which there are none unless somebody adds one', () => {
    const autoscaler = farm();
    expect(stack.node.findAll().filter(({ node }) => node.id.startsWith('from '))).toEqual([]);
    autoscaler.connections.allowDefaultPortFrom(Peer.ipv4('10.1.0.0/16'));
    autoscaler.connections.allowFrom(Peer.ipv4('10.2.0.0/16'), Port.tcp(9100));
    const template = Template.fromStack(stack);
    template.resourcePropertiesCountIs(
      'AWS::EC2::SecurityGroupIngress',
      { CidrIp: '10.1.0.0/16', FromPort: 22 },
      2,
    );
    template.resourcePropertiesCountIs(
      'AWS::EC2::SecurityGroupIngress',
      { CidrIp: '10.2.0.0/16', FromPort: 9100 },
      2,
    );
  });
});

describe('keys', () => {
  it('of the queue runner may be in a parameter, which machines read', () => {
    farm({ queueRunnerKey: StringParameter.fromStringParameterName(stack, 'Key', 'the-key') });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'ssm:GetParameter' })]),
      },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain(KEY);
  });

  it('of the queue runner are looked at', () => {
    expect(() => farm({ queueRunnerKey: 'ssh-dss AAAA' })).toThrow(
      /queueRunnerKey must be one public key line/,
    );
  });

  it('of disks are those of the app, by their ARNs', () => {
    const key = new Key(stack, 'Disks');
    farm({ kmsKeys: [key] });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: 'UseKeysOfDisks', Resource: stack.resolve(key.keyArn) as unknown }),
        ]),
      },
    });
  });
});

describe('what an app takes', () => {
  it('is the right to ask and to order', () => {
    const role = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    farm().grantInvoke(role);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'lambda:InvokeFunction' })]) },
      Roles: [{ Ref: Match.stringLikeRegexp('^Operator') }],
    });
  });

  it('is every number of a tick, of this farm', () => {
    const autoscaler = farm();
    const waiting = autoscaler.metric('waitingSeconds', { statistic: 'Average' });
    expect(waiting.toMetricConfig().metricStat).toMatchObject({
      namespace: 'HydraAutoscaler',
      metricName: 'waitingSeconds',
      statistic: 'Average',
      dimensions: expect.arrayContaining([{ name: 'farm', value: 'builds' }]) as unknown,
    });
    const hours = autoscaler.metricMachineHours().toMetricConfig().mathExpression;
    expect(hours?.expression).toBe('seconds / 3600');
    expect(hours?.usingMetrics['seconds']?.toMetricConfig().metricStat).toMatchObject({
      metricName: 'machineSeconds',
      statistic: 'Sum',
    });
  });
});

describe('an example’s values', () => {
  it('need not be replaced where an app gives others', () => {
    const { deploy, ...rest } = example();
    expect(deploy).toBeDefined();
    expect(() => farm({ farm: configFile(rest) })).not.toThrow();
  });
});
