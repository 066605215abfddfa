/** What the function may end and command, as AWS judges it: a tag that anybody may write is not enough. */
import { expect, it } from 'vitest';
import { ACCOUNT, Account, REGION } from './account.ts';
import { policiesOf, rule } from './iam.ts';
import { example, synth } from './synth.ts';

const account = new Account(synth({ config: example() }));
const identity = policiesOf(account, 'AutoscalerReconcileRole');
const FARM = { 'aws:ResourceTag/hydra-autoscaler:farm': 'hydra-autoscaler' };
const FLEET = { 'aws:ResourceTag/aws:ec2:fleet-id': 'fleet-4df2cabe-8c3d-6b77-0d11-0db1ad9fd20e' };

const ACTIONS = [
  'ec2:StartInstances',
  'ec2:StopInstances',
  'ec2:TerminateInstances',
  'ec2:GetConsoleOutput',
  'ssm:SendCommand',
];

it.each(ACTIONS)('%s needs the tag of the farm and EC2’s own mark of a fleet', async (action) => {
  const resource = `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0123456789abcdef1`;
  const ask = (context: Readonly<Record<string, string>>) =>
    rule({ principal: `arn:aws:iam::${ACCOUNT}:role/reconcile`, action, resource, context }, { identity });
  expect(await ask({ ...FARM, ...FLEET })).toBe('Allowed');
  expect(await ask(FARM)).toBe('ImplicitlyDenied');
  expect(await ask(FLEET)).toBe('ImplicitlyDenied');
});
