/** Accounts with rules of their own: policies that demand tags of whatever is made, and boundaries around every role. */
import { describe, expect, it } from 'vitest';
import { fleetRequest } from '../../lambdas/aws/ec2/launch.ts';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import { nixosType, poolOf } from '../contracts/fleet-bench.ts';
import { ACCOUNT, Account, REGION } from './account.ts';
import { policiesOf, rule } from './iam.ts';
import type { Ruling } from './iam.ts';
import { exampleWithHydra, fullConfig, resources, synth } from './synth.ts';
import type { Json } from './synth.ts';

const ROLE = 'AutoscalerReconcileRole';
const ALL: Json = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
/** An SCP as organisations have it, for everything one launch makes. */
const TAGS_DEMANDED: Json = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Effect: 'Deny',
      Action: ['ec2:CreateFleet', 'ec2:RunInstances'],
      Resource: ['fleet', 'instance', 'volume'].map((kind) => `arn:aws:ec2:*:*:${kind}/*`),
      Condition: { Null: { 'aws:RequestTag/CostCenter': 'true' } },
    },
  ],
};

const account = new Account(synth({ config: fullConfig() }));

/** What AWS says where `serviceControl` holds in the account, to the tags a launch of that configuration really sends. */
async function rulingOn(kind: string, others: Readonly<Record<string, string>>): Promise<Ruling> {
  const launch = { id: 'launch-1', type: nixosType.key, count: 1, pools: [poolOf('a')], requestedAt: 0 };
  const { TagSpecifications = [] } = fleetRequest(launch, nixosType, 'ami-1', {
    farm: 'hydra-autoscaler',
    others,
  });
  const tags = TagSpecifications.find(({ ResourceType }) => ResourceType === kind)?.Tags ?? [];
  const context = Object.fromEntries(
    tags
      .filter(({ Key = '' }) => /^(hydra-autoscaler:farm|CostCenter)$/.test(Key))
      .map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value]),
  );
  const principal = `arn:aws:iam::${ACCOUNT}:role/${ROLE}`;
  const resource = `arn:aws:ec2:${REGION}:${ACCOUNT}:${kind}/new`;
  const action = kind === 'fleet' ? 'ec2:CreateFleet' : 'ec2:RunInstances';
  const policies = { identity: policiesOf(account, ROLE), serviceControl: [TAGS_DEMANDED] };
  return rule({ principal, action, resource, context }, policies);
}

describe('an organisation that demands tags', () => {
  const { tags = {} } = checkConfig('the test', fullConfig());

  it.each(['fleet', 'instance', 'volume'])(
    'of a %s finds those of deploy.tags in the launch itself',
    async (kind) => {
      expect(await rulingOn(kind, tags)).toBe('Allowed');
      expect(await rulingOn(kind, {})).toBe('ExplicitlyDenied');
    },
  );
});

describe('a permissions boundary', () => {
  const name = 'my-boundary';
  const named = { '@aws-cdk/core:permissionsBoundary': { name } };

  it.each([
    ['the full configuration', fullConfig()],
    ['a Hydra of its own', exampleWithHydra()],
  ])('in the context of cdk.json is around every role: %s', (_what, config) => {
    const roles = Object.values(resources(synth({ config, context: named }), 'AWS::IAM::Role'));
    expect(roles.length).toBeGreaterThan(2);
    for (const { Properties } of roles)
      expect(JSON.stringify(Properties)).toMatch(/"PermissionsBoundary":.*policy\/my-boundary/);
  });

  it('that leaves out RunInstances stops launches, whatever the policy says', async () => {
    const request = {
      principal: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`,
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/subnet-1`,
    };
    const identity = policiesOf(account, ROLE);
    const narrow: Json = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', NotAction: 'ec2:RunInstances', Resource: '*' }],
    };
    expect(await rule(request, { identity, boundary: ALL })).toBe('Allowed');
    expect(await rule(request, { identity, boundary: narrow })).toBe('ImplicitlyDenied');
  });
});
