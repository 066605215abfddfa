/** The C++ queue runner: machines are lines of a file, known by address, reached by SSH with their host key pinned. */
import type { Dialect, Sight } from '../../../core/life/dialect.ts';
import type { Planned } from '../../../core/life/planned.ts';
import { besideFreeSlots } from '../../free-slots.ts';
import { REREAD_SECONDS, isClear, mayBeMissing } from './evidence.ts';
import { offersOf } from './listing.ts';
import { unreadFile } from './unread.ts';

export const cppLife: Dialect = {
  kind: 'cpp',
  asksMachines: true,
  lackOfFarm: () => undefined,
  keyOf: ({ address }) => address,
  seenIn: ({ machines }, { address = '' }) => machines.get(address),
  isDoubtful: () => false,
  lackOf: ({ address, identity }) => {
    if (address === undefined) return 'an address';
    return identity === undefined ? 'its SSH host key on the console or over SSM' : undefined;
  },
  sharedIdentity: ({ publicHostKey }) => publicHostKey,
  objectionTo,
  offersOf,
  noticeSeconds: REREAD_SECONDS,
  mayBeMissing,
  isClear,
  // A failed build does not wake its dispatcher (measured: docs/develop/facts.md#a-failed-build-does-not-wake-the-dispatcher).
  besideFreeSlots,
  unheeded: unreadFile,
  words: {
    usable: 'the Hydra host reached its Nix store',
    check: 'the Hydra host to try its Nix store',
    answer: 'an answer of its Nix store over SSH',
    unreachable: 'does not answer over SSH',
    withdrawal: 'its line to leave the machines file',
    notice: 'the queue runner to reread the file',
    notShown: (seconds) =>
      `the queue runner does not show it ${seconds} s after it was listed: is our machines file in its NIX_REMOTE_SYSTEMS?`,
    nudge: 'the file is republished instead of launching',
    cannotOffer: 'the machines file cannot be written',
  },
};

const OTHER_KEY = 'one SSH host key: it tells another one than it has told before';

/** A machine that says itself that it lets no builds in, or that two looks tell different host keys of. */
function objectionTo(
  { observation: { objections, identities } }: Sight,
  { machine: { instanceId, identity }, type }: Planned,
): string | undefined {
  const told = type?.publicHostKey === undefined ? identities.get(instanceId) : undefined;
  const isOther = identity !== undefined && told !== undefined && told !== identity;
  return objections?.get(instanceId) ?? (isOther ? OTHER_KEY : undefined);
}
