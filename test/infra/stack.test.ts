import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { configFile, example, fullConfig, resources, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

const EVENTS = join(import.meta.dirname, '../../infra/events');

describe('the stack', () => {
  it('passes cdk-nag and the CDK’s CloudFormation rules, with the example and with everything switched on', () => {
    expect(() => synth({ validate: true })).not.toThrow();
    expect(() => synth({ validate: true, config: fullConfig() })).not.toThrow();
  }, 120_000);

  it('looks nothing up and names no account, region or zone', () => {
    const text = JSON.stringify(synth().toJSON());
    expect(text).not.toMatch(/\b(us|eu|ap)-[a-z]+-\d\b/);
    expect(text.match(/\b\d{12}\b/g)?.filter((id) => id !== '427812963091') ?? []).toEqual([]);
  });

  it('keeps its state apart from the stack: paid by request, restorable, protected', () => {
    synth().hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      },
    });
  });

  it('runs the function on arm64 with the environment the handler reads, in no VPC', () => {
    const [reconcile] = Object.values(resources(synth(), 'AWS::Lambda::Function'));
    expect(reconcile?.['Properties']).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 420,
      Environment: {
        Variables: {
          CONFIG_FILE: 'autoscaler.json',
          POWERTOOLS_SERVICE_NAME: 'hydra-autoscaler',
          POWERTOOLS_METRICS_NAMESPACE: 'HydraAutoscaler',
        },
      },
    });
    expect(reconcile?.['Properties']).not.toHaveProperty('VpcConfig');
    expect(reconcile?.['Properties']).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('never lets a wake-up outlive the period after which the next one comes', () => {
    const template = synth();
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(5 minutes)',
      Target: {
        Input: '{"tick":true,"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 },
        DeadLetterConfig: Match.anyValue(),
      },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumEventAgeInSeconds: 300,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: Match.anyValue() },
    });
    for (const rule of Object.values(resources(template, 'AWS::Events::Rule'))) {
      expect((rule['Properties'] as JsonObject)['Targets']).toMatchObject([
        { RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 } },
      ]);
    }
  });

  it('gives a tick a whole round’s time even where the period is shorter', () => {
    const template = synth({ config: { ...example(), schedule: 'rate(1 minute)' } });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 180 });
  });

  const patternsOf = (template: Template): readonly JsonObject[] =>
    Object.values(resources(template, 'AWS::Events::Rule')).map(
      (rule) => (rule['Properties'] as JsonObject)['EventPattern'] as JsonObject,
    );

  it('is woken by interruptions, rebalance recommendations and state changes of EC2, and by its watch', () => {
    const types = patternsOf(synth()).map((pattern) => pattern['detail-type']);
    expect(types.flat().toSorted()).toEqual([
      'EC2 Command Invocation Status-change Notification',
      'EC2 Instance Rebalance Recommendation',
      'EC2 Instance State-change Notification',
      'EC2 Spot Instance Interruption Warning',
    ]);
  });

  it('hears of nothing but its own watch on its own host, when that has found something', () => {
    const [pattern] = patternsOf(synth()).filter(({ source }) => `${source}` === 'aws.ssm');
    expect(pattern?.['detail']).toEqual({
      'document-name': [{ Ref: expect.stringMatching(/^AutoscalerDocumentswatch/) as unknown }],
      'instance-id': ['i-0a1b2c3d4e5f60718'],
      status: ['Success'],
    });
    const without = patternsOf(synth({ config: { ...example(), watch: false } }));
    expect(without.map(({ source }) => source)).toEqual([['aws.ec2'], ['aws.ec2'], ['aws.ec2']]);
  });

  it('mails alarms only where an address is given', () => {
    synth().resourceCountIs('AWS::SNS::Topic', 0);
    synth({ config: fullConfig() }).hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: 'ops@example.org',
    });
  });

  it('has a command to paste for every saved event, with a type the farm has and nobody’s name', () => {
    const base = example();
    const config = { ...base, systemTypes: { 'aarch64-linux': {} } };
    const outputs = synth({ config }).toJSON()['Outputs'] as Record<string, JsonObject>;
    const events = readdirSync(EVENTS).map((file) => basename(file, '.json'));
    expect(events.length).toBeGreaterThan(10);
    for (const event of events) {
      const name = event.replace(/(^|-)(.)/g, (_all, _dash, letter: string) => letter.toUpperCase());
      const command = String(outputs[name]?.['Value']);
      const saved = JSON.parse(readFileSync(join(EVENTS, `${event}.json`), 'utf8')) as Record<string, Json>;
      expect(command).toMatch(new RegExp(`^npm run operate -- --stack hydra-autoscaler ${event}( |$)`));
      expect(command).not.toContain('your name');
      if (JSON.stringify(saved).includes('"type"')) expect(command).toContain('aarch64-linux');
    }
    expect(outputs['Operate']?.['Value']).toBe('npm run operate -- --stack hydra-autoscaler doctor');
    expect(JSON.stringify(outputs['FunctionName']?.['Value'])).toMatch(/"Ref":"AutoscalerReconcileFunction/);
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['Journal', 'Dashboard', 'StateTable']));
  });

  it('gives the same template for the same configuration', () => {
    expect(synth().toJSON()).toEqual(synth().toJSON());
  });

  it('refuses a configuration with all its problems at once', () => {
    const config = { ...example(), deploy: { hydraSurce: 'sg-1' } };
    expect(() => synth({ props: { farm: configFile(config) } })).toThrow(/did you mean "hydraSource"/);
  });
});
