/** A queue runner unlike the C++ one: builders dial in by themselves, under host names, and no file tells of them. */
import type { DialectChecks } from '../../../lambdas/core/check/facts.ts';
import type { Dialect } from '../../../lambdas/core/life/dialect.ts';
import type { HydraDialect } from '../../../lambdas/ports.ts';

/** What a builder calls itself. */
export const hostNameOf = ({ instanceId }: { readonly instanceId: string }): string =>
  `${instanceId}.builders.example`;

const life: Dialect = {
  kind: 'cpp',
  asksMachines: false,
  lackOfFarm: () => undefined,
  keyOf: hostNameOf,
  seenIn: ({ machines }, { instanceId }) => machines.get(hostNameOf({ instanceId })),
  isDoubtful: () => false,
  lackOf: () => undefined,
  sharedIdentity: () => undefined,
  objectionTo: () => undefined,
  offersOf: (machines) =>
    machines.flatMap(({ machine, type }) =>
      machine.phase === 'ready' && type !== undefined ? [{ machine, type }] : [],
    ),
  noticeSeconds: 20,
  // Its connection is gone, and with it all that it held.
  mayBeMissing: () => true,
  // A slot is held until the outputs are there.
  isClear: () => true,
  besideFreeSlots: () => new Set(),
  unheeded: () => undefined,
  words: {
    usable: 'it has dialled in',
    check: 'it to dial in',
    answer: 'it to dial in',
    unreachable: 'its connection is gone',
    withdrawal: 'it to be closed',
    notice: 'the queue runner to see it closed',
    notShown: (seconds) => `it has not dialled in again for ${seconds} s`,
    nudge: 'the dispatcher is woken',
    cannotOffer: 'builders cannot be opened or closed',
  },
};

const checks: DialectChecks = {
  kind: 'cpp',
  keyOf: hostNameOf,
  seenIn: ({ machines }, machine) => machines.get(hostNameOf(machine)),
  isOfferable: () => true,
  mayBeMissing: () => true,
  isClear: () => true,
  rules: [],
};

export const toy: HydraDialect = { life, checks };
