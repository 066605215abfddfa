import { describe, expect, it } from 'vitest';
import { about } from '../../../lambdas/core/doctor/finding.ts';
import type { Finding, Trial } from '../../../lambdas/core/doctor/finding.ts';
import { examinePermissions } from '../../../lambdas/core/doctor/permissions.ts';

const found = (...trials: Trial[]): readonly Finding[] =>
  about('permissions of x86_64-linux', ...examinePermissions({ ok: true, value: trials }));
const allowed = { call: 'RunInstances', outcome: 'allowed' } as const;

const SUBNET = 'arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-1';
const denied = (why: string): Trial => ({
  call: 'RunInstances',
  outcome: 'denied',
  code: 'UnauthorizedOperation',
  says: `You are not authorized to perform this operation. User: the function is not authorized to perform: ec2:RunInstances on resource: ${SUBNET} ${why}`,
  remedy: 'deploy the stack again, or look for a policy of the organisation',
});

describe('permissions of a machine type', () => {
  it('are good where AWS lets both calls through', () => {
    expect(found(allowed, { call: 'CreateFleet', outcome: 'allowed' })).toEqual([
      {
        check: 'permissions of x86_64-linux',
        health: 'good',
        says: 'AWS lets a launch through (RunInstances and CreateFleet, tried without launching)',
      },
    ]);
  });

  it.each([
    ['because no identity-based policy allows the ec2:RunInstances action', /deploy the stack again/],
    ['with an explicit deny in a service control policy', /organisation.*deploy\.tags/],
    ['because no resource control policy allows the ec2:RunInstances action', /organisation/],
    ['with an explicit deny in a permissions boundary', /boundary of the function’s role/],
    ['with an explicit deny in a session policy', /or look for a policy/],
  ])('are bad where a policy denies one: what, on what, and which kind of policy: %s', (why, remedy) => {
    expect(found(denied(why), { call: 'CreateFleet', outcome: 'allowed' })).toEqual([
      {
        check: 'permissions of x86_64-linux',
        health: 'bad',
        says: `RunInstances would be denied: ec2:RunInstances on ${SUBNET}, ${why}`,
        remedy: expect.stringMatching(remedy) as unknown,
      },
    ]);
  });

  it('keep the encoded message, and say how it is read, also where AWS says nothing else', () => {
    const [finding] = found({
      call: 'CreateFleet',
      outcome: 'denied',
      code: 'UnauthorizedOperation',
      says: 'You are not authorized to perform this operation.',
      encoded: '9-cm_A',
    });
    expect(finding).toMatchObject({
      health: 'bad',
      says: expect.stringContaining('on something AWS does not name') as unknown,
      remedy: expect.stringContaining('aws sts decode-authorization-message') as unknown,
      encoded: '9-cm_A',
    });
  });

  it('are bad where the call would be refused whoever may, with AWS’s words', () => {
    const refused = {
      call: 'CreateFleet',
      outcome: 'refused',
      code: 'InvalidFleetConfig',
      says: 'two pools',
    } as const;
    expect(found(allowed, { ...refused, remedy: 'keep one a zone' })).toMatchObject([
      {
        health: 'bad',
        says: 'CreateFleet would be refused: InvalidFleetConfig: two pools',
        remedy: 'keep one a zone',
      },
    ]);
    expect(found(refused)[0]?.remedy).toBeTruthy();
  });

  it('are not good where nobody could be asked', () => {
    expect(found(allowed, { call: 'CreateFleet', outcome: 'unknown', says: 'timeout' })).toMatchObject([
      { health: 'doubtful', says: 'whether CreateFleet is allowed could not be asked: timeout' },
    ]);
    expect(examinePermissions({ ok: false, problem: { says: 'no image' } })).toMatchObject([
      { health: 'doubtful', says: 'not tried: no image' },
    ]);
  });
});
