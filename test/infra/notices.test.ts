import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { statementsOf } from './policies.ts';
import { fullConfig, synth } from './synth.ts';

const ROLE = 'AutoscalerReconcileRole';

describe('notices', () => {
  it('go to the topic of the alarms, which the function may publish to and knows', () => {
    const template = synth({ config: fullConfig() });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ NOTIFY_TOPIC_ARN: { Ref: Match.stringLikeRegexp('AlarmMail') } }),
      },
    });
    const publishes = statementsOf(template, ROLE).filter(({ actions }) => actions.includes('sns:Publish'));
    expect(publishes).toHaveLength(1);
    expect(publishes[0]?.resources).toEqual([expect.stringMatching(/^<AutoscalerAlarmMail/) as unknown]);
  });

  it('go nowhere where nobody is named, and nothing may be published', () => {
    const template = synth();
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ NOTIFY_TOPIC_ARN: Match.absent() }) },
    });
    const actions = statementsOf(template, ROLE).flatMap((statement) => statement.actions);
    expect(actions).not.toContain('sns:Publish');
  });
});
