/** What surrounds the queue runner on the Hydra host, as the doctor asks for it; no tick needs any of it. */
import type { Examined } from '../../../core/doctor/finding.ts';
import type { Result } from '../../../core/reason/result.ts';
import type { Access } from '../../inspected.ts';
import type { MachineLine } from './machines-file-parser.ts';

/** What the doctor looks at, the inspection included. */
export interface Inspected extends Examined {
  readonly inspection: Result<HostInspection>;
}

/**
 * What the queue runner meets where it reads a machines file. `missing` counts as empty; anything else that it cannot read
 * makes it refuse all its files. A link to nothing is `dangling`.
 */
export type FileState = Access | 'directory' | 'dangling';

/** One file the queue runner takes its machines from. */
export interface ReadFile {
  readonly path: string;
  /** Whether it is our machines file, by whatever path the queue runner sees it. */
  readonly isOurs: boolean;
  readonly state: FileState;
}

/** What the files that are not ours say. */
export interface StaticMachines {
  /** Each once, however often it is listed. */
  readonly count: number;
  /** Of those with slots. */
  readonly systems: readonly string[];
  /** Why the queue runner refuses all its files, one reason per file; empty where it does not. */
  readonly refused: readonly string[];
  /** Files too long to be looked at, so that the rest is not the whole. */
  readonly unread?: readonly string[];
  /** Those with slots: which of them the queue runner takes before ours is a matter of speed. Absent where there are none. */
  readonly speeds?: readonly StaticSpeed[];
}

/** A machine of other people's, as far as it decides on who is given a step. */
export type StaticSpeed = Pick<MachineLine, 'address' | 'systems' | 'speedFactor'>;

export interface HostInspection {
  /** Of the queue runner: its process, its systemd unit where no process was found, or nothing. */
  readonly source: 'process' | 'unit' | 'none';
  /** The user it runs as; a number where a container’s user has no name on the host. Absent without a source. */
  readonly user?: string;
  /** Path of its program. */
  readonly program?: string;
  /**
   * What NIX_REMOTE_SYSTEMS says: files; `nothing`, so that it builds on its own host only; or it is `unset`, so that it
   * reads /etc/nix/machines, if that was there at its start.
   */
  readonly told: 'files' | 'nothing' | 'unset';
  /** In the order they are read, those that others include last; each once. */
  readonly files: readonly ReadFile[];
  readonly staticMachines: StaticMachines;
  /** The directory our machines file lies in. */
  readonly directory: {
    readonly state: 'missing' | 'read-only' | 'writable';
    /** The queue runner's to it. */
    readonly access: Access;
    readonly freeKibibytes?: number;
  };
  /** The keys asked for, in their order. */
  readonly sshKeys: readonly { readonly path: string; readonly access: Access }[];
  /** A key that its ssh takes by itself. */
  readonly ownSshKey?: string;
  /** How long a step that no machine supports waits before it fails, in seconds; `invalid` is what ends it at its start. */
  readonly unsupportedSeconds: number | 'unset' | 'unknown' | 'invalid';
  /** The file that says so; absent where the queue runner has none. */
  readonly settingsFile?: string;
}
