/** What function and machines may do with keys of the user: never by themselves, always through the service that holds what they encrypt. */
import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { allow } from './statements.ts';

/** Disks under keys of the user: EC2 uses the key with our rights when it makes them, then with a grant of its own. */
export function diskKeyStatements(scope: Construct, kmsKeys: readonly string[]): PolicyStatement[] {
  if (kmsKeys.length === 0) return [];
  const { region, urlSuffix } = Stack.of(scope);
  const byEc2 = { StringEquals: { 'kms:ViaService': `ec2.${region}.${urlSuffix}` } };
  const uses = ['Decrypt', 'DescribeKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'];
  return [
    allow(
      'UseKeysOfDisks',
      uses.map((use) => `kms:${use}`),
      [...kmsKeys],
      byEc2,
    ),
    allow('LendKeysOfDisks', ['kms:CreateGrant'], [...kmsKeys], {
      ...byEc2,
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    }),
  ];
}

/** What DynamoDB asks of whoever writes and reads (AWS: docs/develop/facts.md#kms-keys-of-dynamodb). */
const KEEPING = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'];

/** The key that the state table is under, as the function needs it. */
export const keeperKeyStatement = (scope: Construct, key: IKey): PolicyStatement =>
  allow(
    'UseKeyOfState',
    KEEPING.map((use) => `kms:${use}`),
    [key.keyArn],
    through(scope, 'dynamodb'),
  );

/** The same as a machine needs it, which only reads the table. */
export const readerKeyStatement = (scope: Construct, key: IKey): PolicyStatement =>
  allow('ReadWithKeyOfState', ['kms:Decrypt', 'kms:DescribeKey'], [key.keyArn], through(scope, 'dynamodb'));

function through(scope: Construct, service: string): Record<string, Record<string, string>> {
  const { region, urlSuffix } = Stack.of(scope);
  return { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } };
}
