import type { Config } from './config.ts';

/** The configuration with other subnets for all machines. @param subnets ids; undefined leaves each type its own. */
export const inSubnets = (config: Config, subnets: readonly string[] | undefined): Config =>
  subnets === undefined
    ? config
    : { ...config, machineTypes: config.machineTypes.map((type) => ({ ...type, subnets })) };
