/** What machines say when asked themselves. */
import type { Problem } from '../../core/model/index.ts';

/** What a machine says of itself. */
export interface MachineAnswer {
  /** It runs no `nix-store --serve`. */
  readonly quiet: boolean;
  /** Its public host key line. */
  readonly hostKey?: string;
}

/** What machines said, and which calls to ask them failed. */
export interface MachineAnswers {
  readonly answers: ReadonlyMap<string, MachineAnswer>;
  readonly problems: readonly Problem[];
}

/** Asks machines themselves, by a way other than EC2; those that do not answer (yet) are left out. */
export type AskMachines = (instanceIds: readonly string[]) => Promise<MachineAnswers>;
