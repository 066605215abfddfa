/** Policies of a synthesised template, read back as data. */
import type { Template } from 'aws-cdk-lib/assertions';
import { resources } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  /** With intrinsic functions written out, `${AWS::Region}` and the like as `<AWS::Region>`. */
  readonly resources: readonly string[];
  readonly conditions: JsonObject;
}

/** The statements of all policies whose logical id contains `role`; what is too long for an inline one the CDK makes a managed one. */
export function statementsOf(template: Template, role: string): Statement[] {
  const inline = Object.entries(resources(template, 'AWS::IAM::Policy'));
  const managed = Object.entries(resources(template, 'AWS::IAM::ManagedPolicy'));
  return [...inline, ...managed]
    .filter(([id]) => id.includes(role))
    .flatMap(([, policy]) => {
      const document = (policy['Properties'] as JsonObject)['PolicyDocument'] as JsonObject;
      return (document['Statement'] as JsonObject[]).map(toStatement);
    });
}

export function statement(statements: readonly Statement[], sid: string): Statement {
  const found = statements.find((candidate) => candidate.sid === sid);
  if (found === undefined) throw new Error(`there is no statement ${sid}`);
  return found;
}

const toStatement = (written: JsonObject): Statement => ({
  sid: typeof written['Sid'] === 'string' ? written['Sid'] : '',
  actions: list(written['Action']).map(spell),
  resources: list(written['Resource']).map(spell),
  conditions: (written['Condition'] ?? {}) as JsonObject,
});

const list = (value: Json | undefined): Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A value with its intrinsic functions spelt out: `<LogicalId>` for a reference, `<LogicalId.Attribute>` for an attribute. */
function spell(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const [[name, argument]] = Object.entries(value) as [[string, Json]];
  if (name === 'Ref') return `<${String(argument)}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Fn::Join') return (argument as [string, Json[]])[1].map(spell).join('');
  return JSON.stringify(value);
}
