/** The network of somebody's own app, for machines and for a Hydra that comes with them. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HydraAutoscalerProps } from '../../infra/autoscaler-props.ts';
import { givenBy } from '../../infra/given.ts';
import { HydraAutoscaler } from '../../infra/hydra-autoscaler.ts';
import type { WrittenFarm } from '../../lambdas/core/config/schema.ts';
import { FARM, farmIn, ownStack, propertiesIn } from './own-app.ts';
import type { JsonObject } from './synth.ts';

let stack: Stack;
beforeEach(() => {
  stack = ownStack();
});

const farm = (props: Partial<HydraAutoscalerProps> = {}): HydraAutoscaler => farmIn(stack, props);
const properties = (type: string): readonly JsonObject[] => propertiesIn(stack, type);
const environment = (): JsonObject => {
  const [reconcile] = properties('AWS::Lambda::Function');
  return (reconcile?.['Environment'] as JsonObject)['Variables'] as JsonObject;
};
const WITH_HYDRA = 'examples/no-hydra-yet/autoscaler.json';

describe('the network of machines', () => {
  // The CDK's own classes do not fit its interfaces where optional is meant to the letter.
  const vpc = (): IVpc => new Vpc(stack, 'Net', { maxAzs: 2 }) as IVpc;

  const arnOf = (id: unknown): object => ({ 'Fn::Join': ['', Match.arrayWith([':subnet/', id])] });

  it('is that of the app, and its private subnets, which the function is told and may launch in, and in no other', () => {
    const net = vpc();
    const named = { ...FARM, systemTypes: { 'x86_64-linux': { subnets: ['subnet-0123456789abcdef0'] } } };
    farm({ vpc: net, farm: named });
    const ids = net.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown);
    expect(environment()['SUBNETS']).toEqual({ 'Fn::Join': ['', [ids[0], ',', ids[1]]] });
    expect(properties('AWS::EC2::SecurityGroup').map((group) => group['VpcId'])).toEqual([
      stack.resolve(net.vpcId),
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'LaunchInOurNetwork',
            Resource: [arnOf(ids[0]), arnOf(ids[1]), Match.anyValue()],
          }),
        ]),
      },
    });
  });

  it('may be other subnets of it, or subnets alone', () => {
    const net = vpc();
    farm({ vpc: net, subnets: { subnetType: SubnetType.PUBLIC } });
    const [first] = net.publicSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown);
    expect(JSON.stringify(environment()['SUBNETS'])).toContain(JSON.stringify(first));
  });

  it('has to be given where subnets are to be looked for', () => {
    expect(() => givenBy({ subnets: { subnetType: SubnetType.PUBLIC } })).toThrow(/looked for in a vpc/);
    const net = vpc();
    farm({ subnets: { subnets: net.publicSubnets.slice(0, 1) } });
    expect(environment()['SUBNETS']).toEqual(stack.resolve(net.publicSubnets[0]?.subnetId));
  });

  it('is that of a Hydra that comes with the farm as well', () => {
    const net = vpc();
    const file = JSON.parse(readFileSync(WITH_HYDRA, 'utf8')) as WrittenFarm;
    new HydraAutoscaler(stack, 'Farm', { farm: file, vpc: net });
    expect(properties('AWS::EC2::Instance')).toMatchObject([
      { SubnetId: stack.resolve(net.privateSubnets[0]?.subnetId) as object },
    ]);
  });

  it('is somewhere', () => {
    expect(() => givenBy({ vpc: vpc(), subnets: { subnets: [] } })).toThrow(/subnets are none/);
  });

  it('is left to the file where nothing is given', () => {
    farm();
    expect(environment()).not.toHaveProperty('SUBNETS');
  });
});
