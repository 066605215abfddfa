/** The topic alarms go to, and what it takes for them to arrive. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** A topic that mails to `address`; whoever reads it there has to confirm once. @param masterKey default: not encrypted by KMS. */
export function mailTopic(scope: Construct, address: string, masterKey?: IKey): Topic {
  const topic = new Topic(scope, 'AlarmMail', {
    displayName: 'hydra-autoscaler',
    enforceSSL: true,
    ...(masterKey && { masterKey }),
  });
  topic.addSubscription(new EmailSubscription(address));
  letAlarmsPublish(topic);
  return topic;
}

/**
 * Lets the alarms of this account and region publish. A topic without a policy lets them by SNS's default one, which any
 * statement replaces: that of `enforceSSL` too. A policy that is not made in this app stays as it is.
 */
export function letAlarmsPublish(topic: ITopic): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LetAlarmsPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: alarmsOfThisAccount(Stack.of(topic)),
    }),
  );
}

/** Conditions under which CloudWatch speaks for an alarm of this account and region, and for nobody else's. */
export function alarmsOfThisAccount(stack: Stack): Record<string, Record<string, string>> {
  const alarms = stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': alarms } };
}
