/** What can go wrong where builders dial in. */
import { call, hour, hourBesides, only } from './fault-kind.ts';
import type { FaultKind } from './fault-kind.ts';

const inCalls = (rate: number, does: string): FaultKind => only('rust', call(rate, does));
const byHour = (rate: number, does: string): FaultKind => only('rust', hour(rate, does));

/** The order matters: a kind's luck comes from its place, so new ones come last. */
export const RUST_FAULT_KINDS = {
  'builder-restarts': byHour(2, 'hydra-builder on a machine is restarted'),
  'builder-crashes': byHour(1, 'hydra-builder on a machine is killed'),
  'builder-stands-still': byHour(1, 'hydra-builder on a machine stands still for minutes'),
  'builder-cut-off': byHour(1, 'a machine cannot be reached for minutes'),
  'daemon-dies': byHour(1, 'the Nix daemon of a machine is gone for minutes, and each of its steps fails'),
  'machine-reboots': byHour(1, 'a machine is rebooted'),
  'gate-by-hand': byHour(1.5, 'a person opens or closes a builder by hand'),
  'builder-other-version': byHour(0.7, 'machines that boot have another version of hydra-builder'),
  'builder-not-let-in': byHour(0.5, 'machines that boot have a token that the queue runner does not know'),
  'name-shared': byHour(0.5, 'somebody’s builder has the host name of one of our machines for minutes'),
  'agent-lost': byHour(1, 'SSM loses the agent of a machine for minutes'),
  'gate-late': inCalls(0.1, 'a gate moves up to 40 s after it was waited for'),
  'database-untold': inCalls(0.05, 'psql on the Hydra host is not let in'),
  'kinds-untold': inCalls(0.1, 'what steps require cannot be read, and systems alone are counted'),
  'dispatch-slow': only(
    'rust',
    hourBesides('runner-restarts', 1, 'the dispatcher looks every two minutes only'),
  ),
} as const satisfies Record<string, FaultKind>;
