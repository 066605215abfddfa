/** Which queue runners the machines of a farm have to be able to serve. */
import { STACKS_OWN_HOST } from '../lambdas/core/config/hydra-host-schema.ts';
import type { Config } from '../lambdas/core/config/config.ts';

/** Where the Rust queue runner of a host that comes with the stack takes builders in. */
export const OWN_ENTRANCE_PORT = 50_051;

export interface ServedQueueRunners {
  /** Whether the C++ one comes to the machines, by SSH. */
  readonly cpp: boolean;
  /**
   * Where machines register with the Rust one, as it is written: an address, or "deploy.hydraHost" for that of the stack's
   * own host. Undefined where none registers.
   */
  readonly entrance?: string;
}

/** What the configuration says: both, unless one is named, or nobody says where the Rust one takes builders in. */
export function servedQueueRunners({ config }: { readonly config: Config }): ServedQueueRunners {
  const { runner, queueRunnerAddr } = config.host;
  return {
    cpp: runner !== 'rust',
    ...(runner !== 'cpp' && queueRunnerAddr !== undefined && { entrance: queueRunnerAddr }),
  };
}

/** @param privateIp of the stack's own host, if there is one; it may be a token. */
export const entranceAddress = (written: string, privateIp: string | undefined): string =>
  written === STACKS_OWN_HOST && privateIp !== undefined
    ? `http://${privateIp}:${OWN_ENTRANCE_PORT}`
    : written;
