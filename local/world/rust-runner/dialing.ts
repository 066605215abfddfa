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
  /** Its last lines in the journal. */
  readonly lines: readonly string[];
}

/**
 * How it says of what it died, the nearest cause last
 * (measured: docs/develop/facts.md#what-hydra-builder-dies-of-stands-above-its-last-lines).
 */
export const diedOf = (...causes: readonly string[]): Exit => ({
  status: 1,
  lines: [
    'Error:',
    ...causes.map((cause, index) => `   ${index}: \u001b[91m${cause}\u001b[0m`),
    'Location:',
    '   \u001b[35msubprojects/hydra-builder/src/main.rs\u001b[0m:\u001b[35m48\u001b[0m',
    'Backtrace omitted. Run with RUST_BACKTRACE=1 environment variable to display it.',
    'Run with RUST_BACKTRACE=full to include source snippets.',
  ],
});

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
  if (answer === 'refused')
    return diedOf(
      'Connecting to channel',
      'transport error',
      'tcp connect error',
      'Connection refused (os error 111)',
    );
  if (answer === 'not let in')
    return diedOf(
      'Calling service',
      `code: 'The request does not have valid authentication credentials', message: "No valid auth token"`,
    );
  if (answer === 'other version')
    return {
      status: EXIT_OTHER_VERSION,
      lines: [
        `ERROR hydra_builder::grpc: error=API version mismatch: client has ${options.version}, server has another`,
        'ERROR hydra_builder: ERROR: VersionIncompatible("another")',
      ],
    };
  return answer;
};
