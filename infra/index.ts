/** What an app of somebody's own can use of this project: the package's only entry. */
export { HydraAutoscaler } from './hydra-autoscaler.ts';
export type { HydraAutoscalerProps } from './autoscaler-props.ts';
export type { GivenProps } from './given.ts';
export type { WrittenFarm } from '../lambdas/core/config/schema.ts';
export { HydraHost } from './hydra-host.ts';
export type { HydraHostProps } from './hydra-host.ts';
export { letAlarmsPublish } from './alarm-topic.ts';
export { ConfigError } from '../lambdas/config-file/config-file.ts';
