/** A key of one's own: whether everybody who has to use it may, through the policies of key and role together. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { letServicesUse } from '../../infra/encryption-key.ts';
import { ACCOUNT, Account, REGION } from './account.ts';
import { policiesOf, rule } from './iam.ts';
import type { Ruling } from './iam.ts';
import { exampleWithHydra, fullConfig, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

const full = fullConfig();
const KEY = String((full['deploy'] as JsonObject)['encryptionKey']);
const account = new Account(synth({ config: full }));
const stranger = '999999999999';

/** The condition key log groups bring along, and one that stands for it, as the simulator knows no keys of encryption contexts. */
const LOG_GROUP = 'kms:EncryptionContext:aws:logs:arn';
const SIMULATED = 'aws:SourceArn';

/** The policy of a key that is made in the app. */
function policyMade(): Json {
  const stack = new Stack(new App());
  letServicesUse(new Key(stack, 'Key'));
  const [key] = Object.values(new Account(Template.fromStack(stack)).all('AWS::KMS::Key'));
  return key?.['KeyPolicy'] ?? {};
}

/** The policy the documentation has for a key that is made elsewhere. */
function policyWritten(): Json {
  const page = readFileSync(new URL('../../docs/organisation.md', import.meta.url), 'utf8');
  const [, written = ''] = /^```\n(\[\n {2}\{\n {4}"Sid": "LetAccountManageIt".*?)^```/ms.exec(page) ?? [];
  const real = written.replaceAll('REGION', REGION).replaceAll('ACCOUNT', ACCOUNT);
  return { Version: '2012-10-17', Statement: JSON.parse(real) as Json };
}

describe.each([
  ['made in the same app', policyMade],
  ['as the documentation tells whoever keeps it', policyWritten],
])('a key’s policy, %s', (_what, policyOf) => {
  const policy = JSON.parse(JSON.stringify(policyOf()).replaceAll(LOG_GROUP, SIMULATED)) as Json;
  const use = (principal: string, action: string, context: Record<string, string>): Promise<Ruling> =>
    rule({ principal, action: `kms:${action}`, resource: KEY, context }, { resource: policy });

  it('lets alarms of this account and region publish to a topic under it', async () => {
    const alarm = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:NoTick`;
    const by = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': alarm };
    for (const action of ['Decrypt', 'GenerateDataKey']) {
      expect(await use('cloudwatch.amazonaws.com', action, by)).toBe('Allowed');
      const other = { 'aws:SourceAccount': stranger, 'aws:SourceArn': alarm.replace(ACCOUNT, stranger) };
      expect(await use('cloudwatch.amazonaws.com', action, other)).toBe('ImplicitlyDenied');
    }
    expect(await use('cloudwatch.amazonaws.com', 'ScheduleKeyDeletion', by)).toBe('ImplicitlyDenied');
  });

  it('lets log groups of this account and region be written and read, and no other’s', async () => {
    const group = (owner: string): Record<string, string> => ({
      [SIMULATED]: `arn:aws:logs:${REGION}:${owner}:log-group:hydra`,
    });
    for (const action of ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey'])
      expect(await use(`logs.${REGION}.amazonaws.com`, action, group(ACCOUNT))).toBe('Allowed');
    expect(await use(`logs.${REGION}.amazonaws.com`, 'Decrypt', group(stranger))).toBe('ImplicitlyDenied');
  });
});

describe('roles of the stack', () => {
  const use = (role: string, action: string, service?: string): Promise<Ruling> =>
    rule(
      {
        principal: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        action: `kms:${action}`,
        resource: KEY,
        context: service === undefined ? {} : { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` },
      },
      { identity: policiesOf(account, role), resource: policyWritten() },
    );

  it.each(['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'])(
    'let the function %s through DynamoDB, and not by itself',
    async (action) => {
      expect(await use('AutoscalerReconcileRole', action, 'dynamodb')).toBe('Allowed');
      for (const service of [undefined, 'sns', 'ec2', 's3'])
        expect(await use('AutoscalerReconcileRole', action, service)).toBe('ImplicitlyDenied');
    },
  );

  it('let a machine read its items of the table, and encrypt nothing', async () => {
    const machine = 'Machinesaarch64linuxBuilderRole';
    expect(await use(machine, 'Decrypt', 'dynamodb')).toBe('Allowed');
    expect(await use(machine, 'Encrypt', 'dynamodb')).toBe('ImplicitlyDenied');
    expect(await use(machine, 'Decrypt')).toBe('ImplicitlyDenied');
  });
});

describe('what is encrypted with it', () => {
  it('is the table, the topic and every log group', () => {
    const base = exampleWithHydra();
    const deploy = { ...(base['deploy'] as JsonObject), encryptionKey: KEY, notify: 'ops@example.org' };
    const stack = new Account(synth({ config: { ...base, deploy } }));
    const [table] = Object.values(stack.all('AWS::DynamoDB::Table'));
    expect(table?.['SSESpecification']).toEqual({ KMSMasterKeyId: KEY, SSEEnabled: true, SSEType: 'KMS' });
    const topics = Object.values(stack.all('AWS::SNS::Topic'));
    expect(topics.map(({ KmsMasterKeyId }) => KmsMasterKeyId)).toEqual([KEY]);
    const groups = Object.values(stack.all('AWS::Logs::LogGroup'));
    expect(groups.length).toBeGreaterThan(1);
    for (const group of groups) expect(group['KmsKeyId']).toBe(KEY);
  });

  it('is nothing, and nobody may use any key for it, where none is named', () => {
    const text = JSON.stringify(synth().toJSON());
    expect(text).not.toMatch(/UseKeyOfState|ReadWithKeyOfState|KmsMasterKeyId|SSESpecification/);
  });
});
