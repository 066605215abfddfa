import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ACCEPTED_EVENTS } from '../lambdas/reconcile/event.ts';
import { FUNCTION_OUTPUT, TABLE_OUTPUT, operateCommand } from './operate-commands.ts';
import { HydraAutoscaler } from './hydra-autoscaler.ts';
import type { HydraAutoscalerProps } from './autoscaler-props.ts';

export interface AutoscalerStackProps extends StackProps, HydraAutoscalerProps {}

/** The autoscaler of one farm, with commands to paste as outputs. */
export class AutoscalerStack extends Stack {
  readonly autoscaler: HydraAutoscaler;

  constructor(scope: Construct, id: string, props: AutoscalerStackProps) {
    super(scope, id, {
      description: 'hydra-autoscaler: EC2 builders that follow the queue of a Hydra server',
      ...props,
    });
    this.autoscaler = new HydraAutoscaler(this, 'Autoscaler', props);
    const { reconcile, dashboard, table, failedInvocations, deployment, entrance } = this.autoscaler;
    const type = deployment.config.machineTypes[0]?.key ?? 'x86_64-linux';
    const output = (name: string, description: string, value: string): CfnOutput =>
      new CfnOutput(this, name, { description, value });
    output(
      'Operate',
      'What is wrong, and what to do about it',
      operateCommand(this.stackName, { doctor: true }),
    );
    for (const { event, does } of ACCEPTED_EVENTS) {
      const [name = '', body] = Object.entries(event)[0] ?? [];
      const command = operateCommand(this.stackName, { [name]: forFarm(body, type) });
      output(name.charAt(0).toUpperCase() + name.slice(1), does, command);
    }
    output(FUNCTION_OUTPUT, 'What npm run operate asks', reconcile.function.functionName);
    output(
      'Journal',
      'Follows what is decided and why',
      `aws logs tail --region ${this.region} --follow ${reconcile.logGroup.logGroupName}`,
    );
    output(
      'Dashboard',
      'Queue, machines, cost and problems',
      consoleUrl(this.region, dashboard.dashboard.dashboardName),
    );
    output(TABLE_OUTPUT, 'What the autoscaler remembers', table.table.tableName);
    for (const { name, description, command } of this.autoscaler.hydraHost?.commands ?? [])
      output(name, description, command);
    if (entrance !== undefined) {
      output(
        'BuilderGroup',
        'The Hydra host has to let it in at host.queueRunnerAddr',
        entrance.securityGroup.attrGroupId,
      );
      output(
        'BuilderVersion',
        'Where the Hydra host has to say which hydra-builder it has',
        entrance.builderParameter.parameterName,
      );
    }
    output('FailedInvocations', 'Queue of invocations that failed', failedInvocations.queueUrl);
  }
}

/** The body of an example, with a type this farm has, and without the name of whoever is said to have sent it. */
function forFarm(body: unknown, type: string): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const fields = Object.entries(body).filter(([key]) => key !== 'by');
  return Object.fromEntries(fields.map(([key, value]) => [key, key === 'type' ? type : value]));
}

const consoleUrl = (region: string, dashboard: string): string =>
  Fn.sub(
    'https://${Region}.console.aws.amazon.com/cloudwatch/home?region=${Region}#dashboards:name=${Name}',
    {
      Region: region,
      Name: dashboard,
    },
  );
