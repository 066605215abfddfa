/** A farm in an app of somebody's own. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import type { HydraAutoscalerProps } from '../../infra/autoscaler-props.ts';
import { HydraAutoscaler } from '../../infra/hydra-autoscaler.ts';
import type { WrittenFarm } from '../../lambdas/core/config/schema.ts';
import { resources } from './synth.ts';
import type { JsonObject } from './synth.ts';

export const ownStack = (): Stack =>
  new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'builds');

export const FARM: WrittenFarm = {
  host: { instanceId: 'i-0a1b2c3d4e5f60718' },
  systemTypes: { 'x86_64-linux': {}, 'aarch64-linux': {} },
};
export const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG1pbmUgYW5kIG5vYm9keSBlbHNlJ3MgYnV0IG1p hydra';
export const SOURCE = Peer.ipv4('10.0.0.5/32');

/** That needs nothing more than what is given here. */
export const farmIn = (stack: Stack, props: Partial<HydraAutoscalerProps> = {}): HydraAutoscaler =>
  new HydraAutoscaler(stack, 'Farm', { farm: FARM, hydraSource: SOURCE, queueRunnerKey: KEY, ...props });

export const propertiesIn = (stack: Stack, type: string): readonly JsonObject[] =>
  Object.values(resources(Template.fromStack(stack), type)).map((one) => one['Properties'] as JsonObject);
