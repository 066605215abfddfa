import type { RunnerLink } from './link.ts';
import type { JoinMessage, Tunnel } from './machine.ts';
import type { FullBuilderOptions } from './settings.ts';

/** How a builder proves that it may join. */
export interface Credentials {
  readonly version: string;
  readonly token: string | undefined;
}

/** Where builders dial in. */
export interface DialPoint {
  /** @returns the connection, or why there is none. */
  dial(
    message: JoinMessage,
    tunnel: Tunnel,
    credentials: Credentials,
  ): RunnerLink | 'refused' | 'other version' | 'not let in';
}

/** How a builder's process ends. */
export interface Exit {
  readonly status: number;
  /** Its last line in the journal. */
  readonly line: string;
}

/** EX_DATAERR: what it exits with when it meets a queue runner of another version. */
const EXIT_OTHER_VERSION = 65;
/** `buildDirAvailThreshold` and `storeAvailThreshold` of nixpkgs' module, in percent. */
const THRESHOLD_PERCENT = 10;

/** Dials in once. @returns the connection, or how the process ends without one. */
export const dialIn = (point: DialPoint, tunnel: Tunnel, options: FullBuilderOptions): RunnerLink | Exit => {
  const { hostname, systems, supportedFeatures, mandatoryFeatures, maxJobs, speedFactor } = options;
  const message: JoinMessage = {
    hostname,
    systems,
    supportedFeatures,
    mandatoryFeatures,
    maxJobs,
    speedFactor,
    buildDirAvailThreshold: THRESHOLD_PERCENT,
    storeAvailThreshold: THRESHOLD_PERCENT,
  };
  const answer = point.dial(message, tunnel, options);
  if (answer === 'refused') return { status: 1, line: 'Error: transport error: Connection refused' };
  if (answer === 'not let in')
    return { status: 1, line: 'Error: status: Unauthenticated, message: "No valid auth token"' };
  if (answer === 'other version')
    return {
      status: EXIT_OTHER_VERSION,
      line: `ERROR: API version mismatch: client has ${options.version}, server has another`,
    };
  return answer;
};
