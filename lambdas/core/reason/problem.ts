/** Problems in words. They are data until they are shown, logged or stored as text; nothing takes the line apart again. */
import type { Problem } from '../model/index.ts';

/** In one line, such as `the queue runner is not running. Remedy: systemctl start hydra-queue-runner`. */
export const problemInWords = ({ says, remedy }: Problem): string =>
  remedy === undefined ? says : `${says.replace(/\.$/, '')}. Remedy: ${remedy}`;

/** Why something else does not work, with the same remedy: `WHAT: SAYS`. */
export const inContext = (what: string, { says, remedy }: Problem): Problem => ({
  says: `${what}: ${says}`,
  ...(remedy === undefined ? {} : { remedy }),
});

/** Each once. */
export const withoutRepeats = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [problemInWords(problem), problem])).values(),
];
