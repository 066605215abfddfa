/** What surrounds the Rust queue runner on its host, as the doctor asks for it; no tick needs any of it. */
import type { Access } from '../../inspected.ts';

/** A number of the settings; `unset` where the runner's default holds, `unknown` where they could not be looked at. */
export type NumberSetting = number | 'unset' | 'unknown';

export interface RustInspection {
  /** Of the queue runner: its process, its systemd unit where no process was found, or nothing. */
  readonly source: 'process' | 'unit' | 'none';
  /** The user it runs as. Absent without a source. */
  readonly user?: string;
  /** Path of its program. */
  readonly program?: string;
  /** Its store path, which tells its version; absent where it is not from a Nix store. */
  readonly storePath?: string;
  /** The units there are, of those that nixpkgs and Hydra's own flake have: the service and its two sockets. */
  readonly units: readonly { readonly name: string; readonly state: string }[];
  /** Where it, or systemd for it, listens, such as `[::1]:8080`; empty where that is not known. */
  readonly listens: { readonly rest: readonly string[]; readonly grpc: readonly string[] };
  readonly settings: {
    readonly path: string;
    readonly access: Access;
    /** How long a step that no machine supports waits before it fails, in seconds (`maxUnsupportedTimeInS`). */
    readonly unsupportedSeconds: NumberSetting;
    /** How often it gives out steps when nothing wakes it, in seconds; -1 for never (`dispatchTriggerTimerInS`). */
    readonly dispatchSeconds: NumberSetting;
  };
  /** The files in `tokenPaths`: one that cannot be read lets builders in without a token. At most 20. */
  readonly tokens: readonly { readonly path: string; readonly access: Access; readonly isFilled: boolean }[];
  /** Whether builders need a certificate; undefined where no process tells. */
  readonly asksCertificate?: boolean;
  /** net.ipv4.tcp_retries2: how often the kernel tries again before a builder that vanished is given up. */
  readonly tcpRetries?: number;
  /** Hydra's own settings, where its pages are told of the queue runner. */
  readonly web: {
    readonly path: string;
    /** `queue_runner_endpoint`. */
    readonly endpoint: string | 'unset' | 'unknown';
  };
  /** The builders that this host says belong to its queue runner, by system; empty where it says nothing. */
  readonly builders: ReadonlyMap<string, string>;
}
