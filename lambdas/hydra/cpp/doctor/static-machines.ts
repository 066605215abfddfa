/** The machines files of other people on the Hydra host, read as the queue runner reads them all together. */
import type { StaticMachines } from './inspection.ts';
import { excerpt } from '../../../core/text/excerpt.ts';
import { BadMachineError, type MachineLine, parseMachinesFile } from './machines-file-parser.ts';

/** Text of a file; undefined where there is none, or it could not be looked at. */
export type ReadText = (path: string) => string | undefined;

/**
 * What the files at `paths` say in all. A machine that several lines name is one, and the last line holds; a file that
 * is listed twice is the same twice.
 */
export function staticMachines(paths: readonly string[], read: ReadText): StaticMachines {
  const machines = new Map<string, MachineLine>();
  const refused: string[] = [];
  for (const path of new Set(paths)) {
    try {
      for (const machine of parseMachinesFile(read(path) ?? '', read))
        machines.set(machine.identity, machine);
    } catch (error) {
      if (!(error instanceof BadMachineError)) throw error;
      refused.push(`${path}: ${excerpt(error.message, 200)}`);
    }
  }
  const working = [...machines.values()].filter(({ maxJobs }) => maxJobs > 0);
  const systems = new Set(working.flatMap((machine) => machine.systems));
  const speeds = working.map(({ address, systems: of, speedFactor }) => ({
    ...{ address, systems: of, speedFactor },
  }));
  return {
    ...{ count: machines.size, systems: [...systems].toSorted(), refused },
    ...(speeds.length > 0 && { speeds }),
  };
}
