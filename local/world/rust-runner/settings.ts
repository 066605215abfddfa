/** What the host and each builder are told about the Rust queue runner, with the defaults of nixpkgs' modules. */

/** Builder and queue runner must be of one: the workspace's version and a sum of what they say to one another. */
export const PROTOCOL_VERSION = '0.1.0-5f82f0f0';

/** What queue-runner.toml, the host's kernel and its units decide. */
export interface RustRunnerSettings {
  /** `maxUnsupportedTimeInS`: how long a step waits while no machine that has joined could build it. */
  readonly maxUnsupportedTimeSeconds: number;
  /** `dispatchTriggerTimerInS`: without an event steps are given out this often. */
  readonly dispatchTriggerSeconds: number;
  /** `maxRetries`: the try of this number is a step's last. */
  readonly maxRetries: number;
  /** `retryInterval`: the first back-off … */
  readonly retryIntervalSeconds: number;
  /** … and `retryBackoff`: by what each further one is longer. */
  readonly retryBackoff: number;
  /**
   * When the kernel gives up a connection that nobody answers: 964 s with `net.ipv4.tcp_retries2` at its default of 15
   * (measured: docs/develop/facts.md#a-vanished-builder-is-noticed-late), 121 s with 8.
   */
  readonly tcpGiveUpSeconds: number;
  /** Tokens that builders may bring; undefined where none is asked for. */
  readonly tokens: readonly string[] | undefined;
  /** Whether systemd holds the REST socket, so that a call to a queue runner that is down hangs and is not refused. */
  readonly hasSocketUnit: boolean;
  readonly protocolVersion: string;
}

export const rustDefaults: RustRunnerSettings = {
  maxUnsupportedTimeSeconds: 120,
  dispatchTriggerSeconds: 120,
  maxRetries: 5,
  retryIntervalSeconds: 60,
  retryBackoff: 3,
  tcpGiveUpSeconds: 964,
  tokens: undefined,
  hasSocketUnit: true,
  protocolVersion: PROTOCOL_VERSION,
};

/** What builder.toml, nix.conf and the state of a machine decide about one builder. */
export interface RustBuilderOptions {
  readonly systems: readonly string[];
  /** What it claims; none by default. */
  readonly supportedFeatures?: readonly string[];
  /** It takes only steps that require all of these; none by default. */
  readonly mandatoryFeatures?: readonly string[];
  /** What its own Nix has, whatever it claims; the claimed ones by default. */
  readonly nixFeatures?: readonly string[];
  /** 4 by default. */
  readonly maxJobs?: number;
  /** 1 by default. */
  readonly speedFactor?: number;
  /** Of the protocol; that of the queue runner's default by default. */
  readonly version?: string;
  /** What it shows to be let in; nothing by default. */
  readonly token?: string;
  /** Whether its gauge is full when it starts; false by default. */
  readonly isClosed?: boolean;
  /** `pingInterval`, in seconds; 10 by default. */
  readonly pingSeconds?: number;
  /** What it calls itself, where that is not what it is known by here: two builders may claim one name. */
  readonly hostname?: string;
}

/** What builder.toml says with nothing left out. */
export type FullBuilderOptions = Required<Omit<RustBuilderOptions, 'token' | 'isClosed'>> & {
  readonly token: string | undefined;
};

/** What is not said is what nixpkgs' module says. */
export const completeOptions = (hostname: string, options: RustBuilderOptions): FullBuilderOptions => ({
  supportedFeatures: [],
  mandatoryFeatures: [],
  nixFeatures: options.supportedFeatures ?? [],
  maxJobs: 4,
  speedFactor: 1,
  version: PROTOCOL_VERSION,
  token: undefined,
  pingSeconds: 10,
  hostname,
  ...options,
});
