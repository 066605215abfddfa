/** The whole way of an alarm: from the alarm over its action and the topic's policy to whether AWS lets it through. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { letAlarmsPublish } from '../../infra/alarm-topic.ts';
import { ACCOUNT, Account, REGION } from './account.ts';
import { policiesOf, rule } from './iam.ts';
import type { Ruling } from './iam.ts';
import { fullConfig, synth } from './synth.ts';
import type { Json } from './synth.ts';

const account = new Account(synth({ config: fullConfig() }));

/** The policy that stands for SNS's default one at this topic, where there is any. */
function policyOf(account: Account, type: 'SNS::Topic' | 'SQS::Queue', ref: Json): Json | undefined {
  const policies = Object.values(account.all(`AWS::${type}Policy`));
  const own = policies.filter(({ Topics, Queues }) => ((Topics ?? Queues) as Json[]).includes(ref));
  expect(own.length).toBeLessThan(2);
  return own[0]?.['PolicyDocument'];
}

const alarmArn = (name: string, region = REGION, owner = ACCOUNT): string =>
  `arn:aws:cloudwatch:${region}:${owner}:alarm:${name}`;

/** SNS's answer to an alarm that says something to `topic`. */
function saidTo(topic: string, policy: Json | undefined, alarm: string, owner = ACCOUNT): Promise<Ruling> {
  return rule(
    {
      principal: 'cloudwatch.amazonaws.com',
      action: 'sns:Publish',
      resource: topic,
      context: { 'aws:SourceArn': alarm, 'aws:SourceAccount': owner, 'aws:SecureTransport': 'true' },
    },
    { ...(policy !== undefined && { resource: policy }) },
  );
}

describe('an alarm', () => {
  const alarms = Object.entries(account.all('AWS::CloudWatch::Alarm'));

  it.each(alarms)('reaches the topic when it begins and when it ends: %s', async (name, properties) => {
    for (const actions of [properties['AlarmActions'], properties['OKActions']] as string[][]) {
      expect(actions).toHaveLength(1);
      for (const topic of actions)
        expect(await saidTo(topic, policyOf(account, 'SNS::Topic', topic), alarmArn(name))).toBe('Allowed');
    }
  });

  it('of another account or region does not, nor does anything else of CloudWatch’s', async () => {
    const [topic = ''] = Object.keys(account.all('AWS::SNS::Topic')).map((id) => account.arn(id));
    const policy = policyOf(account, 'SNS::Topic', topic);
    const stranger = '999999999999';
    expect(await saidTo(topic, policy, alarmArn('x', REGION, stranger), stranger)).toBe('ImplicitlyDenied');
    expect(await saidTo(topic, policy, alarmArn('x', 'us-east-1'))).toBe('ImplicitlyDenied');
    const dashboard = alarmArn('x').replace(':alarm:', ':dashboard:');
    expect(await saidTo(topic, policy, dashboard)).toBe('ImplicitlyDenied');
  });

  it('would reach nobody with `enforceSSL` alone, which makes a policy of one denial', async () => {
    const stack = new Stack(new App());
    new Topic(stack, 'Plain', { enforceSSL: true });
    const plain = new Account(Template.fromStack(stack));
    const [topic = ''] = Object.keys(plain.all('AWS::SNS::Topic')).map((id) => plain.arn(id));
    expect(await saidTo(topic, policyOf(plain, 'SNS::Topic', topic), alarmArn('x'))).toBe('ImplicitlyDenied');
  });

  it('reaches a topic of somebody’s own app once that lets it', async () => {
    const stack = new Stack(new App());
    letAlarmsPublish(new Topic(stack, 'Mine', { enforceSSL: true }));
    const mine = new Account(Template.fromStack(stack));
    const [topic = ''] = Object.keys(mine.all('AWS::SNS::Topic')).map((id) => mine.arn(id));
    expect(await saidTo(topic, policyOf(mine, 'SNS::Topic', topic), alarmArn('x'))).toBe('Allowed');
  });
});

describe('the statement in the documentation', () => {
  const page = readFileSync(new URL('../../docs/organisation.md', import.meta.url), 'utf8');
  const [, written = ''] = /^```\n(\{\n {2}"Effect".*?)^```/ms.exec(page) ?? [];
  const real = (text: string): string =>
    text.replaceAll('REGION', REGION).replaceAll('ACCOUNT', ACCOUNT).replaceAll('TOPIC', 'mine');
  const policyWith = (statement: string): Json => ({
    Version: '2012-10-17',
    Statement: [JSON.parse(real(statement)) as Json],
  });

  it('lets alarms publish to a topic that has it, and use a key that has it as told', async () => {
    const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:mine`;
    expect(await saidTo(topic, policyWith(written), alarmArn('x'))).toBe('Allowed');
    const ofKey = written
      .replace('"sns:Publish"', '["kms:Decrypt", "kms:GenerateDataKey*"]')
      .replace(/"Resource": ".*"/, '"Resource": "*"');
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
      const by = { 'aws:SourceArn': alarmArn('x'), 'aws:SourceAccount': ACCOUNT };
      const resource = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0a1b2c3d-1111-2222-3333-444455556666`;
      const request = { principal: 'cloudwatch.amazonaws.com', action, resource, context: by };
      expect(await rule(request, { resource: policyWith(ofKey) })).toBe('Allowed');
    }
  });
});

describe('who else has a resource’s policy in the way', () => {
  const context = { 'aws:SecureTransport': 'true' };

  it('the function may not publish to the topic: alarms alone do', async () => {
    const [topic = ''] = Object.keys(account.all('AWS::SNS::Topic')).map((id) => account.arn(id));
    const principal = `arn:aws:iam::${ACCOUNT}:role/Reconcile`;
    const policies = {
      identity: policiesOf(account, 'AutoscalerReconcileRole'),
      resource: policyOf(account, 'SNS::Topic', topic) ?? {},
    };
    const publish = { principal, action: 'sns:Publish', resource: topic, context };
    expect(await rule(publish, policies)).toBe('ImplicitlyDenied');
  });

  it('EventBridge, schedule and function leave what failed in the queue', async () => {
    const [queue = ''] = Object.keys(account.all('AWS::SQS::Queue'));
    const url = queue;
    const resource = policyOf(account, 'SQS::Queue', url) ?? {};
    const send = { action: 'sqs:SendMessage', resource: account.arn(queue) };
    const rules = Object.keys(account.all('AWS::Events::Rule'));
    expect(rules.length).toBeGreaterThan(2);
    for (const id of rules) {
      const by = {
        principal: 'events.amazonaws.com',
        context: { ...context, 'aws:SourceArn': account.arn(id) },
      };
      expect(await rule({ ...send, ...by }, { resource })).toBe('Allowed');
    }
    for (const role of ['AutoscalerReconcileRole', 'AutoscalerWakeUpsSchedulerRole']) {
      const by = { principal: `arn:aws:iam::${ACCOUNT}:role/${role}`, context };
      expect(await rule({ ...send, ...by }, { resource, identity: policiesOf(account, role) })).toBe(
        'Allowed',
      );
    }
  });
});
