import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledCode } from './bundled-code.ts';
import { allow } from './statements.ts';
import { acknowledgeWildcards } from './wildcards.ts';

export interface NewestImageProps {
  /** Account that publishes the image. */
  readonly owner: string;
  /** Name pattern. */
  readonly name: string;
  readonly architecture: 'x86_64' | 'arm64';
  /**
   * Key the log group is encrypted with.
   * @default - one of AWS's own
   */
  readonly encryptionKey?: IKey;
}

/** EC2 lists all images of one owner and name in a few seconds. */
const TIMEOUT = Duration.minutes(2);

/**
 * The newest image as of the first deployment, looked up while the stack is made: at synth it would need an account, and
 * the official images are deleted after 90 days. Later deployments keep what was found, as another image would replace
 * the machine.
 */
export class NewestImage extends Construct {
  readonly imageId: string;

  constructor(scope: Construct, id: string, { owner, name, architecture, encryptionKey }: NewestImageProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    });
    const finder = new LambdaFunction(this, 'Function', {
      description: 'hydra-autoscaler: finds the image of the Hydra host, once',
      code: bundledCode('find-image'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: TIMEOUT,
      role,
      logGroup,
      loggingFormat: LoggingFormat.TEXT,
    });
    const resource = new CustomResource(this, 'Image', {
      resourceType: 'Custom::NewestImage',
      serviceToken: finder.functionArn,
      serviceTimeout: TIMEOUT,
      properties: { Owner: owner, Name: name, Architecture: architecture },
    });
    this.imageId = resource.getAttString('ImageId');

    logGroup.grantWrite(role);
    role.addToPolicy(allow('FindImage', ['ec2:DescribeImages'], ['*']));
    acknowledgeWildcards(role);
    // The permissions have to be there when the question comes.
    resource.node.addDependency(role);
  }
}
