/** What AWS would say to a call, by a simulator that is not ours: actions, ARNs and condition keys are checked against AWS's own lists. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from './account.ts';
import type { Account } from './account.ts';
import type { Json, JsonObject } from './synth.ts';

export interface IamRequest {
  /** ARN, or the name of a service such as `cloudwatch.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The policies that have a say, as documents. */
export interface Policies {
  readonly identity?: readonly Json[];
  readonly resource?: Json;
  /** Of the organisation. */
  readonly serviceControl?: readonly Json[];
  readonly boundary?: Json;
}

export type Ruling = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

const named = (policies: readonly Json[]): { name: string; policy: Json }[] =>
  policies.map((policy, n) => ({ name: `policy-${n}`, policy }));

/** @throws where AWS knows no such action, resource or condition key. */
export async function rule(
  { principal, action, resource, context = {} }: IamRequest,
  { identity = [], resource: resourcePolicy, serviceControl = [], boundary }: Policies,
): Promise<Ruling> {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { ...context },
      },
      identityPolicies: named(identity),
      serviceControlPolicies:
        serviceControl.length === 0 ? [] : [{ orgIdentifier: 'root', policies: named(serviceControl) }],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
      ...(boundary !== undefined && { permissionBoundaryPolicies: named([boundary]) }),
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  const ignored = answer.resultType === 'single' ? (answer.result.ignoredContextKeys ?? []) : [];
  if (ignored.length > 0) throw new Error(`${action} on ${resource} knows no ${ignored.join(', ')}`);
  return answer.overallResult;
}

/** The identity policies of the role whose logical id contains `role`, however many documents they take. */
export function policiesOf(account: Account, role: string): Json[] {
  const documents = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.entries(account.all(type)).filter(([id]) => id.includes(role)),
  );
  return documents.map(([, policy]) => policy['PolicyDocument'] as JsonObject);
}
