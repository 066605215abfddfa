import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

export interface FarmClaimProps {
  /** The farm's tag. */
  readonly tag: string;
}

const FOLDER = '/hydra-autoscaler/farms';

/**
 * One farm, one tag: a resource that is named by the tag and by nothing else. Two farms of one tag in an account and
 * region would take each other's machines for their own; so the second stack fails to deploy, and CloudFormation names
 * this parameter, which says whose the tag is. The folder lists the farms of a region.
 */
export class FarmClaim extends Construct {
  constructor(scope: Construct, id: string, { tag }: FarmClaimProps) {
    super(scope, id);
    new StringParameter(this, 'Claim', {
      parameterName: claimName(tag),
      stringValue: Stack.of(this).stackName,
      description: `The stack of the hydra-autoscaler farm ${tag}: one farm, one tag`,
    });
  }
}

/** Another name for each tag: what a parameter's name may not hold, and the escape itself, is written in hexadecimal. */
export const claimName = (tag: string): string =>
  `${FOLDER}/${tag.replaceAll(/[^A-Za-z0-9.-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)}`;
