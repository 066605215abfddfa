/** One farm, one tag: a second stack of the tag fails to deploy, whatever else is named how. */
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { AutoscalerStack } from '../../infra/autoscaler-stack.ts';
import { claimName } from '../../infra/farm-claim.ts';
import { HydraAutoscaler } from '../../infra/hydra-autoscaler.ts';
import { configFile, example, resources } from './synth.ts';

const app = () => new App({ context: { 'aws:cdk:bundling-stacks': [] } });

const stackOf = (name: string, tag?: string): Template =>
  Template.fromStack(
    new AutoscalerStack(app(), name, {
      farm: configFile({ ...example(), ...(tag === undefined ? {} : { tag }) }),
      // Own names for whatever else could clash.
      documentNamePrefix: `documents-of-${name}`,
    }),
  );

const claims = (template: Template) =>
  Object.values(resources(template, 'AWS::SSM::Parameter')).map(({ Properties }) => Properties);

describe('the claim of a farm to its tag', () => {
  it('is one resource named by the tag alone, and says whose it is', () => {
    const [one, other] = ['here', 'there'].map((name) => claims(stackOf(name, 'builders')));
    expect(one).toMatchObject([{ Name: '/hydra-autoscaler/farms/builders', Value: 'here' }]);
    expect(other).toMatchObject([{ Name: '/hydra-autoscaler/farms/builders', Value: 'there' }]);
  });

  it('is another for each tag, and a name SSM takes', () => {
    const tags = ['a', 'A', 'a/b', 'a_b', 'a:b', 'a_2fb', 'a+b', 'a=b', 'a@b', 'a.b', 'a-b', '@'.repeat(100)];
    const names = tags.map(claimName);
    expect(new Set(names).size).toBe(tags.length);
    for (const name of names) expect(name).toMatch(/^\/hydra-autoscaler\/farms\/[A-Za-z0-9_.-]{1,900}$/);
  });
});

describe('a farm without a tag', () => {
  it('is called as its stack, in templates and to the function', () => {
    const template = stackOf('hydra-arm');
    expect(claims(template)).toMatchObject([{ Name: '/hydra-autoscaler/farms/hydra-arm' }]);
    const names = Object.values(resources(template, 'AWS::EC2::LaunchTemplate')).map((one) =>
      JSON.stringify(one),
    );
    expect(names.every((text) => text.includes('"LaunchTemplateName":"hydra-arm-'))).toBe(true);
    expect(JSON.stringify(resources(template, 'AWS::Lambda::Function'))).toContain(
      '"STACK_NAME":"hydra-arm"',
    );
  });

  it('needs one where the stack has no name yet, or one that is too long', () => {
    const config = configFile(example());
    expect(() => new AutoscalerStack(app(), 'x'.repeat(101), { farm: config })).toThrow(/tag: is missing/);
    const nested = new NestedStack(new Stack(app(), 'outer'), 'inner');
    expect(() => new HydraAutoscaler(nested, 'Farm', { farm: config })).toThrow(/tag: is missing/);
    const tagged = configFile({ ...example(), tag: 'mine' });
    expect(() => new HydraAutoscaler(nested, 'Tagged', { farm: tagged })).not.toThrow();
  });
});
