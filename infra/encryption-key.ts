/** A key of the user for what the stack keeps: who has to be allowed to use it, and through which service. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { alarmsOfThisAccount } from './alarm-topic.ts';

/** The key itself, or that of an ARN, with its policy as far as it can be written here; undefined where none is named. */
export function encryptionKey(scope: Construct, named: IKey | string | undefined): IKey | undefined {
  if (named === undefined) return undefined;
  const key = typeof named === 'string' ? Key.fromKeyArn(scope, 'EncryptionKey', named) : named;
  letServicesUse(key);
  return key;
}

/**
 * Lets alarms and log groups of this account and region use a key, which the policy of the key alone can do. That of a key
 * which is not made in this app stays as it is: whoever keeps it adds the same.
 */
export function letServicesUse(key: IKey): void {
  const stack = Stack.of(key);
  const logGroups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LetAlarmsUseIt',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: alarmsOfThisAccount(stack),
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LetLogGroupsUseIt',
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
}
