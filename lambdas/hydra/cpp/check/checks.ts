/** What the rules have to know of the C++ queue runner. */
import type { DialectChecks } from '../../../core/check/facts.ts';
import { fileIsWholeAndOurs, nothingBecomesCode } from './file-rules.ts';

/** Two polls of the queue runner: a line out of the file for this long was read by then, or never. */
const POLLS_SECONDS = 60;
const LONG_IDLE_SECONDS = 600;
/** As long as the kernel keeps a dead connection, where the runner says that something is being copied back. */
const HANGING_COPY_SECONDS = 7875;

export const cppChecks: DialectChecks = {
  kind: 'cpp',
  keyOf: ({ address }) => address,
  seenIn: ({ machines }, { address }) => (address === undefined ? undefined : machines.get(address)),
  isOfferable: ({ address, identity }) => address !== undefined && identity !== undefined,
  mayBeMissing: ({ seenOffered }, withdrawn, { at, runnerStartedAt }) =>
    (seenOffered === undefined && at - withdrawn.hostAt >= POLLS_SECONDS) ||
    runnerStartedAt > withdrawn.hostAt,
  isClear: ({ storeUse }, { at, stepsFinishing }, { instanceId, seen }) => {
    const idleSeconds = seen?.idleSince === undefined ? 0 : at - seen.idleSince;
    const longSeconds = stepsFinishing === undefined ? LONG_IDLE_SECONDS : HANGING_COPY_SECONDS;
    const use = storeUse.get(instanceId);
    return use === 'quiet' || (use === undefined && idleSeconds >= longSeconds);
  },
  rules: [
    [6, fileIsWholeAndOurs],
    [7, nothingBecomesCode],
  ],
};
