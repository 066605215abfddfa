/** What the rules have to know of the Rust queue runner. */
import type { DialectChecks } from '../../../core/check/facts.ts';

/** What has not pinged for three minutes has ended its builds long since. */
const FORGOTTEN_SECONDS = 180;

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
  // A slot is held until the outputs are there, and so is the row of its step.
  isClear: (_observation, _status, { seen }) => (seen?.busySteps ?? 0) === 0,
  rules: [],
};
