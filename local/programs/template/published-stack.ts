/** The farm with a Hydra of its own as one template, for accounts without the CDK. What differs are its parameters. */
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import type { IStackSynthesizer } from 'aws-cdk-lib';
import { Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { AutoscalerStack } from '../../../infra/autoscaler-stack.ts';
import { LocalAssets, nameCodeByPath } from './local-assets.ts';

const PARAMETERS = {
  Vpc: ['AWS::EC2::VPC::Id', 'Network of the Hydra host and of all machines'],
  Subnet: [
    'AWS::EC2::Subnet::Id',
    'Subnet of that network for host and machines, with a way to the internet',
  ],
} as const;

export interface PublishedStack {
  readonly app: App;
  readonly stack: Stack;
  /** What has to lie beside the template, by its name there. */
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * @param farm path of the configuration.
 * @param context of the CDK.
 * @throws ConfigError when the configuration cannot be deployed.
 */
export function publishedStack(farm: string, context: Readonly<Record<string, unknown>>): PublishedStack {
  const app = new App({ context });
  const assets = new LocalAssets();
  const stack = new AutoscalerStack(app, 'hydra-autoscaler', {
    // The CDK's own class does not fit its interface where optional is meant to the letter.
    synthesizer: assets as StackSynthesizerToTheLetter,
    farm,
    ...network(),
  });
  for (const [name, [type, description]] of Object.entries(PARAMETERS))
    new CfnParameter(stack, name, { type, description });
  nameCodeByPath(stack, (key) => `./${key}`);
  return { app, stack, assets: assets.staged };
}

type StackSynthesizerToTheLetter = LocalAssets & IStackSynthesizer;

/** By references alone: the parameters can only be made once there is the stack. */
function network(): { readonly vpc: IVpc; readonly subnets: { readonly subnets: IVpc['privateSubnets'] } } {
  const nowhere = new Stack(new App(), 'references');
  const vpc = Vpc.fromVpcAttributes(nowhere, 'Vpc', {
    vpcId: Fn.ref('Vpc'),
    availabilityZones: ['any'],
  });
  return { vpc, subnets: { subnets: [Subnet.fromSubnetId(nowhere, 'Subnet', Fn.ref('Subnet'))] } };
}
