/** The endpoint's decoders, given anything: a caller's mistake is a refusal under AWS's name, never a bug of the region. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answer } from '../../../../local/world/endpoint/answer.ts';
import { Random } from '../../../../local/world/random.ts';
import { Region } from '../../../../local/world/region/region.ts';
import { Timeline } from '../../../../local/world/timeline.ts';
import { hostileJson, hostileText } from './hostile.ts';

const RUNS = { numRuns: 400 };

const makeRegion = (): Region =>
  new Region({
    timeline: new Timeline(1_772_431_200),
    random: new Random(1),
    executor: { run: () => () => undefined },
    settings: { throttling: false },
  });

const EC2_ACTIONS = [
  'DescribeInstances',
  'CreateFleet',
  'RunInstances',
  'TerminateInstances',
  'StopInstances',
  'StartInstances',
  'CreateTags',
  'GetConsoleOutput',
  'DescribeImages',
  'DescribeLaunchTemplates',
];
const SSM_ACTIONS = [
  'SendCommand',
  'GetCommandInvocation',
  'ListCommandInvocations',
  'DescribeInstanceInformation',
];
const MEMBERS = [
  'InstanceId.1',
  'InstanceIds.1',
  'Filter.1.Name',
  'Filter.1.Value.1',
  'MaxResults',
  'NextToken',
  'MinCount',
  'MaxCount',
  'ImageId',
  'TagSpecification.1.Tag.1.Key',
  'LaunchTemplateConfigs.1.Overrides.1.SubnetId',
  'TargetCapacitySpecification.TotalTargetCapacity',
  'ClientToken',
  'DryRun',
];

const BUG = /a bug of the simulated region/;

it('EC2 queries are answered or refused', async () => {
  const region = makeRegion();
  const members = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...MEMBERS), hostileText), hostileText), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constantFrom(...EC2_ACTIONS), hostileText),
      members,
      async (action, pairs) => {
        const body = new URLSearchParams([
          ['Action', action],
          ['Version', '2016-11-15'],
          ...pairs,
        ]).toString();
        const reply = await answer({ headers: {}, body }, { region }, 'fuzz');

        expect(reply.body).not.toMatch(BUG);
      },
    ),
    RUNS,
  );
});

it('SSM requests are answered or refused', async () => {
  const region = makeRegion();
  const body = fc.oneof(
    hostileText,
    hostileJson.map((value) => JSON.stringify(value) ?? ''),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constantFrom(...SSM_ACTIONS), hostileText), body, async (action, text) => {
      const headers = { 'x-amz-target': `AmazonSSM.${action}` };
      const reply = await answer({ headers, body: text }, { region }, 'fuzz');

      expect(reply.body).not.toMatch(BUG);
    }),
    RUNS,
  );
});
