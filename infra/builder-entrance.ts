import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { HydraHostSettings } from './hydra-host/user-data.ts';
import { OWN_ENTRANCE_PORT } from './queue-runners.ts';
import { allow, readSecret } from './statements.ts';
import { acknowledge } from './wildcards.ts';

export interface BuilderEntranceProps {
  /**
   * ARN of the secret or parameter with the token builders show; `made` makes a secret.
   * @default - none: all images bring what their builders register with
   */
  readonly token?: string;
  /**
   * Network of the builders.
   * @default - the account's default VPC
   */
  readonly vpc?: string;
}

/**
 * What builders need besides an address to register with a Rust queue runner, and what its host needs to take them in:
 * a token both know, the version both must have, and a security group by which the host knows builders of every type.
 */
export class BuilderEntrance extends Construct {
  /** Where the Hydra host puts the store path of its own hydra-builder, by system. */
  readonly builderParameter: StringParameter;
  /** Every builder is in it; nobody reaches anything by it that does not let it in. */
  readonly securityGroup: CfnSecurityGroup;
  /** ARN of the secret or parameter with the token. */
  readonly token: string | undefined;

  constructor(scope: Construct, id: string, props: BuilderEntranceProps = {}) {
    super(scope, id);
    // Whatever changes this resource puts this value back, tags for example: the host looks at it every hour.
    this.builderParameter = new StringParameter(this, 'BuilderVersion', {
      description: 'hydra-autoscaler: which hydra-builder fits the queue runner, put here by the Hydra host',
      stringValue: 'not said yet',
    });
    this.securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: 'hydra-autoscaler: builders of all types, which register with the queue runner',
      ...(props.vpc !== undefined && { vpcId: props.vpc }),
    });
    this.token = props.token === 'made' ? makeToken(this) : props.token;
  }

  /** Who reaches the queue runner of the stack's own host: builders, and nobody else. */
  ingress(): CfnSecurityGroup.IngressProperty[] {
    return [
      {
        ipProtocol: 'tcp',
        fromPort: OWN_ENTRANCE_PORT,
        toPort: OWN_ENTRANCE_PORT,
        sourceSecurityGroupId: this.securityGroup.attrGroupId,
        description: 'builders, to the queue runner',
      },
    ];
  }

  /** What the stack's own host is told. */
  hostSettings(): Pick<HydraHostSettings, 'builderParameter' | 'queueRunnerToken'> {
    return {
      builderParameter: this.builderParameter.parameterName,
      ...(this.token !== undefined && { queueRunnerToken: this.token }),
    };
  }

  /** What the stack's own host may do for it. */
  hostStatements(): PolicyStatement[] {
    const { parameterArn } = this.builderParameter;
    return [
      allow('PublishBuilderVersion', ['ssm:GetParameter', 'ssm:PutParameter'], [parameterArn]),
      ...readSecret('ReadQueueRunnerToken', this.token),
    ];
  }
}

function makeToken(scope: Construct): string {
  const secret = new Secret(scope, 'Token', {
    description: 'hydra-autoscaler: what builders register with at the queue runner',
    // It is read by means of the shell, and sent in a header.
    generateSecretString: { excludePunctuation: true, passwordLength: 48 },
  });
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'another token takes the old one beside it for a while, which is for people to decide',
  );
  return secret.secretArn;
}
