/** What the rules have to know of the Rust queue runner. */
import type { DialectChecks } from '../../../core/check/facts.ts';

/** What has not pinged for three minutes has ended its builds long since. */
const FORGOTTEN_SECONDS = 180;

/** A row that is left ten minutes after the last job is of a step that nobody builds. */
const HANGING_SECONDS = 600;

export const rustChecks: DialectChecks = {
  kind: 'rust',
  keyOf: ({ instanceId }) => instanceId,
  seenIn: ({ at, machines }, { instanceId }) => {
    const seen = machines.get(instanceId ?? '');
    return at - (seen?.heardAt ?? at) > FORGOTTEN_SECONDS ? undefined : seen;
  },
  isOfferable: () => true,
  // Whoever has hung up has lost what it had.
  mayBeMissing: () => true,
  // A slot is held until the outputs are there, and so is the row of its step, unless that step hangs.
  isClear: ({ state: { machines } }, { at }, { instanceId, seen }) => {
    const quiet = machines.find((machine) => machine.instanceId === instanceId)?.drain?.quiet;
    const idle = [quiet?.hostAt, seen?.idleSince].filter((since) => since !== undefined);
    return (seen?.busySteps ?? 0) === 0 || idle.some((since) => at >= since + HANGING_SECONDS);
  },
  rules: [],
};
