/** Simulated farms as people write them, so that they can be changed on the way. */

export interface WrittenFarm {
  readonly tag: string;
  readonly maxTotalMachines: number;
  readonly maxDollarsPerHour?: number;
  readonly host: { readonly instanceId: string; readonly queueRunnerAddr?: string };
  readonly systemTypes: Readonly<Record<string, WrittenType>>;
}

export type WrittenType = Readonly<Record<string, unknown>>;
