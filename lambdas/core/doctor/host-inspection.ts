/** What surrounds the queue runner on the Hydra host, as the doctor asks for it; no tick needs any of it. */

/** Whether the queue runner, as the user it runs as, may read something; `unknown` where that could not be tried. */
export type Access = 'readable' | 'unreadable' | 'missing' | 'unknown';

/** One file the queue runner takes its machines from. */
export interface ReadFile {
  readonly path: string;
  /** Whether it is our machines file, by whatever path the queue runner sees it. */
  readonly isOurs: boolean;
  /** Lines that name a machine; absent where the file is missing. */
  readonly machines?: number;
}

export interface HostInspection {
  /** Of the queue runner: its process, its systemd unit where no process was found, or nothing. */
  readonly source: 'process' | 'unit' | 'none';
  /** Whom it runs as; a number where a container’s user has no name on the host. Absent without a source. */
  readonly user?: string;
  /** Path of its program. */
  readonly program?: string;
  /** Whether it is told its machines files; if not it reads /etc/nix/machines once, at its start. */
  readonly isToldFiles: boolean;
  readonly files: readonly ReadFile[];
  /** The directory our machines file lies in. */
  readonly directory: {
    readonly state: 'missing' | 'read-only' | 'writable';
    /** Of the queue runner to it. */
    readonly access: Access;
    readonly freeKibibytes?: number;
  };
  /** The keys asked for, in their order. */
  readonly sshKeys: readonly { readonly path: string; readonly access: Access }[];
  /** A key in the queue runner’s home that ssh takes by itself. */
  readonly ownSshKey?: string;
  /** How long a step that no machine supports waits before it fails, in seconds. */
  readonly unsupportedSeconds: number | 'unset' | 'unknown';
  /** The file that says so; absent where the queue runner has none. */
  readonly settingsFile?: string;
}
