import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { problemInWords } from '../lambdas/core/reason/problem.ts';
import type { Deployment } from './deployment.ts';

/** Has the CDK tell what is not a mistake but may not be what was meant. */
export function warn(scope: Construct, warnings: Deployment['warnings']): void {
  for (const { path, ...warning } of warnings)
    Annotations.of(scope).addWarningV2(`hydra-autoscaler:${path}`, `${path}: ${problemInWords(warning)}`);
}
