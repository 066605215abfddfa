/** What an app says of its farm. */
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { WrittenFarm } from '../lambdas/core/config/schema.ts';
import type { GivenProps } from './given.ts';

/** The whole farm, and what an app gives in addition. */
export interface HydraAutoscalerProps extends GivenProps {
  /** The whole farm with its `deploy` part: path of the configuration file, or what would stand in it. */
  readonly farm: string | WrittenFarm;
  /**
   * Where alarms go, instead of the mail address of the configuration. Its policy must let alarms publish
   * (`letAlarmsPublish`), and so must the policy of the key it is encrypted with.
   * @default - to that address, if there is one
   */
  readonly alarmTopic?: ITopic;
  /**
   * Key of state table, topic and log groups, instead of the one of the configuration. The policy of one that is made in
   * the same app gets the statements it needs.
   * @default - that of the configuration, else AWS's own keys
   */
  readonly encryptionKey?: IKey;
  /**
   * What the names of the SSM documents begin with. SSM reserves names that begin with aws, amazon or amzn.
   * @default - the name of the stack
   */
  readonly documentNamePrefix?: string;
  /**
   * Whether the state table survives the stack.
   * @default - it does
   */
  readonly deletionProtection?: boolean;
}
