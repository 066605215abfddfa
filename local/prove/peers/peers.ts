/**
 * How eight other systems scale, written from descriptions of what they do
 * (read: docs/develop/facts.md#how-peers-scale), each as it is configured by default or best for one Hydra.
 */
import type { PeerFarm, PeerMachine } from './peer-farm.ts';

/** One round: launches, offers, withdraws and ends machines of the farm. */
export type Round = (farm: PeerFarm) => void;

export interface Peer {
  readonly name: string;
  /** Between two rounds, in seconds. */
  readonly everySeconds: number;
  /** A fresh one: some remember things between rounds. */
  readonly round: () => Round;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

const paidLeft = ({ launchedAt }: PeerMachine, now: number): number => HOUR - ((now - launchedAt) % HOUR);

const isIdle = ({ isUp, jobs }: PeerMachine): boolean => isUp && jobs === 0;

/** Ends the idle machines for which `isOver`. */
function endIdle(farm: PeerFarm, isOver: (machine: PeerMachine) => boolean): void {
  for (const machine of farm.machines) if (isIdle(machine) && isOver(machine)) farm.end(machine);
}

/** Launches until there are as many as `wanted`. */
const growTo = (farm: PeerFarm, wanted: number): void => {
  if (wanted > farm.machines.length) farm.launch(wanted - farm.machines.length);
};

/** Launches what the queue fills beyond the machines that are starting. */
const launchExcess = (farm: PeerFarm): void => {
  const excess = Math.ceil(farm.runnable / farm.slots) - farm.starting;
  if (excess > 0) farm.launch(excess);
};

/** What all steps, waiting and running, fill. */
const filled = ({ runnable, running, slots }: PeerFarm): number => Math.ceil((runnable + running) / slots);

const PROVISIONER_KEEP = 30 * MINUTE;
const PROVISIONER_END = 10 * MINUTE;

/**
 * hydra-provisioner: only the queue counts, against all machines there are; what is not needed stays offered for the
 * first half of its paid hour or while it works, and ends in the last ten minutes of it.
 */
const provisioner = (runnablesPerMachine: number, launchesAtMost: number) => (): Round => (farm) => {
  const allowed = Math.ceil(farm.runnable / runnablesPerMachine);
  const existing = farm.machines.toSorted((a, b) => Number(b.isUp) - Number(a.isUp));
  farm.launch(Math.min(Math.max(allowed - existing.length, 0), launchesAtMost));
  existing.forEach((machine, index) => {
    if (!machine.isUp) return;
    const left = paidLeft(machine, farm.now);
    if (index < allowed || left >= PROVISIONER_KEEP || machine.jobs > 0) farm.offer(machine);
    else if (left < PROVISIONER_END) farm.end(machine);
    else farm.withdraw(machine);
  });
};

const EQUINIX_STEPS_PER_MACHINE = 4;
const EQUINIX_LEAST = 1;

/** hydra-scale-equinix-metal: only the queue counts; surplus and what is a day old is drained for good, and ends empty. */
const equinix = (): Round => {
  const drained = new Set<PeerMachine>();
  return (farm) => {
    const wanted = Math.max(EQUINIX_LEAST, Math.floor(farm.runnable / EQUINIX_STEPS_PER_MACHINE));
    let kept = 0;
    for (const machine of farm.machines.filter((one) => !drained.has(one))) {
      if (kept < wanted && farm.now - machine.launchedAt <= DAY) kept += 1;
      else drained.add(machine);
    }
    farm.launch(Math.max(wanted - kept, 0));
    for (const machine of farm.machines) if (drained.has(machine)) farm.withdraw(machine);
    endIdle(farm, (machine) => drained.has(machine) && !machine.isUsable);
  };
};

const BUILDKITE_IDLE = 10 * MINUTE;

/** buildkite-agent-scaler with the elastic stack: as many as all steps fill; an instance ends itself when long idle. */
const buildkite = (): Round => (farm) => {
  growTo(farm, filled(farm));
  endIdle(farm, ({ idleSince }) => farm.now - idleSince >= BUILDKITE_IDLE);
};

const JENKINS_LEFT = 5 * MINUTE;

/** Jenkins' ec2 plugin with idle termination -5: each minute, idle machines in the last minutes of their paid hour. */
const jenkins = (): Round => {
  let checkedAt = -Infinity;
  return (farm) => {
    launchExcess(farm);
    if (farm.now - checkedAt < MINUTE) return;
    checkedAt = farm.now;
    if (farm.runnable === 0) endIdle(farm, (machine) => paidLeft(machine, farm.now) <= JENKINS_LEFT);
  };
};

/** It validates once more after 15 s; and behind a file that is read every 30 s a machine idles so long for nothing. */
const KARPENTER_IDLE = 15 + 30;

/** Karpenter with consolidateAfter 0 s: empty machines go at once. */
const karpenter = (): Round => (farm) => {
  launchExcess(farm);
  endIdle(farm, ({ idleSince }) => farm.now - idleSince >= KARPENTER_IDLE);
};

const NAIVE_LEFT = 6 * MINUTE;

/** What anybody would write first: as many as all steps fill, every five minutes; idle ones go as their hour ends. */
const naive = (): Round => (farm) => {
  growTo(farm, filled(farm));
  endIdle(farm, (machine) => paidLeft(machine, farm.now) <= NAIVE_LEFT);
};

const SECONDS_10 = 10;
const MINUTES_5 = 5 * MINUTE;

export const PEERS: readonly Peer[] = [
  { name: 'jenkins -5', everySeconds: SECONDS_10, round: jenkins },
  { name: 'buildkite', everySeconds: SECONDS_10, round: buildkite },
  { name: 'karpenter', everySeconds: SECONDS_10, round: karpenter },
  { name: 'naive', everySeconds: MINUTES_5, round: naive },
  { name: 'hydra-provisioner rpm 4 many', everySeconds: MINUTES_5, round: provisioner(4, Infinity) },
  { name: 'equinix', everySeconds: MINUTES_5, round: equinix },
  { name: 'hydra-provisioner rpm 4', everySeconds: MINUTES_5, round: provisioner(4, 1) },
  { name: 'hydra-provisioner', everySeconds: MINUTES_5, round: provisioner(10, 1) },
];
