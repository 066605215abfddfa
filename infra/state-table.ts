import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { STATE_TABLE } from '../lambdas/aws/dynamo/state-table.ts';

export interface StateTableProps {
  /**
   * Whether the table refuses to be deleted and stays behind when the stack goes. Without its records the autoscaler
   * adopts the machines it finds by their tags, but manual floors and back-offs are forgotten.
   * @default - it does both
   */
  readonly deletionProtection?: boolean;
  /**
   * Key it is encrypted with.
   * @default - one of AWS's own
   */
  readonly encryptionKey?: IKey;
}

/** What the autoscaler remembers: a handful of small items, paid by the request. */
export class StateTable extends Construct {
  readonly table: Table;

  constructor(
    scope: Construct,
    id: string,
    { deletionProtection = true, encryptionKey }: StateTableProps = {},
  ) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: STATE_TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: STATE_TABLE.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: STATE_TABLE.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
      deletionProtection,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
