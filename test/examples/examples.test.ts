/** Each example is a farm that can be deployed once what its README names is filled in. */
import { App } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineDeployment } from '../../infra/read-deployment.ts';
import { ROOT, textOf } from '../docs/documents.ts';
import { configFile, makeStack, resources } from '../infra/synth.ts';

const EXAMPLES = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const fileOf = (name: string): string => join(ROOT, 'examples', name, 'autoscaler.json');

/** A setting as a README names it: without the place it is in, and without its number in a list. */
const named = (path: string): string =>
  path.replaceAll(/^(deploy\.builder|systemTypes\.[^.]+)\.|\.\d+$/g, '');

it('are listed', () => {
  const listed = [...textOf('examples/README.md').matchAll(/\[([\w-]+)\]\(\1\/README\.md\)/g)].map(
    ([, name]) => name,
  );
  expect(listed.toSorted()).toEqual(EXAMPLES.toSorted());
});

describe.each(EXAMPLES)('the example %s', (name) => {
  const readme = textOf(`examples/${name}/README.md`);
  const { problems, warnings } = examineDeployment(fileOf(name));

  it('passes npm run check, which tells nothing of it but what is to be filled in', () => {
    expect(problems).toEqual([]);
    for (const warning of warnings)
      expect(warning).toMatchObject({
        says: expect.stringMatching(/^is still that of the example; write /) as unknown,
      });
  });

  it('says all that is to be filled in, without which a copy is refused', () => {
    const copy: unknown = JSON.parse(readFileSync(fileOf(name), 'utf8'));
    const refused = examineDeployment(configFile(copy)).problems.map(({ path }) => path);
    expect(refused).toEqual(warnings.map(({ path }) => path));
    expect(refused.map(named).filter((setting) => !readme.includes(`\`${setting}\``))).toEqual([]);
  });

  it('says for whom it is, what to change, how, and what one gets', () => {
    for (const part of [/^\*\*For\*\* /m, /^\*\*Change\*\*,? /m, /^```console\n\$ /m, /^\*\*You get\*\* /m])
      expect(readme).toMatch(part);
  });

  it('is a stack with machines', () => {
    const template = Template.fromStack(makeStack({ props: { farm: fileOf(name) } }));
    expect(Object.keys(resources(template, 'AWS::EC2::LaunchTemplate'))).not.toEqual([]);
  });
});

describe('the app of the example own-vpc', () => {
  const { CDK_CONTEXT_JSON } = process.env;
  const withoutBundles = { 'aws:cdk:bundling-stacks': [] };
  let stack: Stack;

  beforeAll(async () => {
    process.env['CDK_CONTEXT_JSON'] = JSON.stringify(withoutBundles);
    const { BuildFarm } = await import('../../examples/own-vpc/app.ts');
    stack = new BuildFarm(new App(), 'farm');
  });
  afterAll(() => {
    if (CDK_CONTEXT_JSON === undefined) delete process.env['CDK_CONTEXT_JSON'];
    else process.env['CDK_CONTEXT_JSON'] = CDK_CONTEXT_JSON;
  });

  it('has host and machines in its network, and its state under its key', () => {
    const template = Template.fromStack(stack);
    const vpcs = Object.keys(resources(template, 'AWS::EC2::VPC'));
    const groups = Object.values(resources(template, 'AWS::EC2::SecurityGroup'));
    expect(vpcs).toHaveLength(1);
    expect(groups.length).toBeGreaterThan(1);
    for (const { Properties } of groups) expect(Properties).toMatchObject({ VpcId: { Ref: vpcs[0] } });
    template.hasResourceProperties('AWS::EC2::Instance', {
      SubnetId: { Ref: Match.stringLikeRegexp('machines') },
    });
    const [key = ''] = Object.keys(resources(template, 'AWS::KMS::Key'));
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] } },
    });
  });
});
