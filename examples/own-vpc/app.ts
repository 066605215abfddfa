/** A farm with its Hydra in a network of its own, under a key of its own. */
import { App, Stack } from 'aws-cdk-lib';
import { GatewayVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { HydraAutoscaler } from 'hydra-autoscaler';
import { fileURLToPath } from 'node:url';

export class BuildFarm extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const vpc = new Vpc(this, 'Network', {
      maxAzs: 3,
      // One is paid for by the hour, whatever passes through it.
      natGateways: 1,
      subnetConfiguration: [
        { name: 'nat', subnetType: SubnetType.PUBLIC, cidrMask: 24 },
        { name: 'machines', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      // The cache and the state table are reached without it.
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    const farm = new HydraAutoscaler(this, 'Autoscaler', {
      farm: fileURLToPath(new URL('autoscaler.json', import.meta.url)),
      vpc,
      encryptionKey: new Key(this, 'Key', { enableKeyRotation: true }),
    });
    farm.metric('waitingSeconds').createAlarm(this, 'SlowBuilds', { threshold: 1800, evaluationPeriods: 2 });
  }
}

new BuildFarm(new App(), 'build-farm');
