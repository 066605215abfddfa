/** A synthesised template as it would stand in an account: every reference a real name, id or ARN. */
import type { Template } from 'aws-cdk-lib/assertions';
import type { Json, JsonObject } from './synth.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'hydra-autoscaler',
};

/** Service and kind of a resource in its ARN. Those of IAM lie in no region. */
const IN_ARN: Readonly<Record<string, readonly [service: string, prefix: string]>> = {
  'AWS::CloudWatch::Alarm': ['cloudwatch', 'alarm:'],
  'AWS::DynamoDB::Table': ['dynamodb', 'table/'],
  'AWS::Events::Rule': ['events', 'rule/'],
  'AWS::IAM::InstanceProfile': ['iam', 'instance-profile/'],
  'AWS::IAM::Role': ['iam', 'role/'],
  'AWS::KMS::Key': ['kms', 'key/'],
  'AWS::Lambda::Function': ['lambda', 'function:'],
  'AWS::Logs::LogGroup': ['logs', 'log-group:'],
  'AWS::S3::Bucket': ['s3', ''],
  'AWS::SNS::Topic': ['sns', ''],
  'AWS::SQS::Queue': ['sqs', ''],
};

export class Account {
  readonly #resources: Readonly<Record<string, JsonObject>>;

  constructor(template: Template) {
    this.#resources = template.toJSON()['Resources'] as Record<string, JsonObject>;
  }

  /** Resources of one type, by logical id, with everything in them resolved. */
  all(type: string): Readonly<Record<string, JsonObject>> {
    const ofType = Object.entries(this.#resources).filter(([, { Type }]) => Type === type);
    return Object.fromEntries(
      ofType.map(([id, { Properties }]) => [id, this.resolve(Properties ?? {}) as JsonObject]),
    );
  }

  /** The ARN a resource would have, its logical id being its name. */
  arn(id: string): string {
    const [service, prefix] = IN_ARN[String(this.#resources[id]?.['Type'])] ?? ['', ''];
    if (service === '') throw new Error(`nobody has said what the ARN of ${id} looks like`);
    if (service === 's3') return `arn:aws:s3:::${id.toLowerCase()}`;
    return `arn:aws:${service}:${service === 'iam' ? '' : REGION}:${ACCOUNT}:${prefix}${id}`;
  }

  /** A value with its intrinsic functions carried out. */
  resolve(value: Json): Json {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => this.resolve(one));
    const [[name = '', argument = null] = [], ...others] = Object.entries(value);
    if (others.length === 0 && name === 'Ref') return this.#ref(String(argument));
    if (others.length === 0 && name === 'Fn::GetAtt') return this.#attribute(argument as string[]);
    if (others.length === 0 && name === 'Fn::Join') {
      const [glue, parts] = argument as [string, Json[]];
      return parts.map((part) => String(this.resolve(part))).join(glue);
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.resolve(part)]));
  }

  #ref(id: string): string {
    const type = this.#resources[id]?.['Type'];
    if (type === 'AWS::SNS::Topic') return this.arn(id);
    return PSEUDO[id] ?? (type === 'AWS::S3::Bucket' ? id.toLowerCase() : id);
  }

  #attribute([id = '', attribute = '']: readonly string[]): string {
    if (attribute !== 'Arn') return `${id}-${attribute}`;
    const isLog = this.#resources[id]?.['Type'] === 'AWS::Logs::LogGroup';
    return isLog ? `${this.arn(id)}:*` : this.arn(id);
  }
}
