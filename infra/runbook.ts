/** What each alarm means and what to do about it. The alarms carry these words, and docs/troubleshooting.md says the same. */

export type AlarmName =
  | 'NoTick'
  | 'FailedInvocation'
  | 'PlanRefused'
  | 'StatusUntrusted'
  | 'MachineNeverReady'
  | 'AtTheCap'
  | 'LaunchesRefused'
  | 'LaunchRate'
  | 'MachineHours'
  | 'Dollars'
  | 'UnsupportedSteps'
  | 'Problems';

export interface RunbookEntry {
  readonly meaning: string;
  readonly remedy: string;
}

export const RUNBOOK: Readonly<Record<AlarmName, RunbookEntry>> = {
  NoTick: {
    meaning:
      'No tick has finished for three periods: nothing is launched, and idle machines go on costing money until their dead-man switch ends them.',
    remedy:
      'Run the Tick command of the stack’s outputs and read its error; see whether the schedule is enabled.',
  },
  FailedInvocation: {
    meaning: 'An invocation failed, or a wake-up could not be delivered.',
    remedy:
      'Read the newest message in the failed-invocations queue: it holds event and error. Purge the queue when done.',
  },
  PlanRefused: {
    meaning: 'A plan broke one of the autoscaler’s own rules and was not carried out. This is a bug.',
    remedy: 'Report it with the journal of that tick; nothing is changed until the cause is gone.',
  },
  StatusUntrusted: {
    meaning: 'The queue status could not be trusted for 15 minutes, so no machine is drained or ended.',
    remedy:
      'The status command says why: queue runner down or restarting, the host not online in SSM, the status command failing.',
  },
  MachineNeverReady: {
    meaning: 'A machine did not become reachable in its boot time, or no longer answers; it is replaced.',
    remedy:
      'The journal says why. Look at its console output, the security group, subnet routes, and the key of the queue runner.',
  },
  AtTheCap: {
    meaning:
      'For half an hour more machines have been wanted than maxMachines, maxTotalMachines or maxDollarsPerHour allows.',
    remedy:
      'The explain command says which. Raise it if the money is there, or silence the alarm; where a price is not known it says why.',
  },
  LaunchesRefused: {
    meaning:
      'For a quarter of an hour machines have been missing because AWS refused them (no capacity, a quota, a missing right) or none got ready.',
    remedy:
      'The status command says what rests and why. No capacity: further instanceTypes, subnets in other zones, or market spot-then-on-demand. Otherwise the doctor command says what to do.',
  },
  LaunchRate: {
    meaning: 'More machines were launched in an hour than the farm should need: they may be dying young.',
    remedy:
      'Set observeOnly and deploy, then read why machines ended. Raise deploy.launchesPerHour if this is normal here.',
  },
  MachineHours: {
    meaning: 'In the last 24 hours machines ran for more hours than deploy.machineHoursPerDay.',
    remedy:
      'The status command counts the machines of each type, the explain command says why a type has them. Lower its maxMachines, minMachines or gracePeriod, or maxTotalMachines; raise deploy.machineHoursPerDay if the money is there.',
  },
  Dollars: {
    meaning:
      'In the last 24 hours machines cost more than deploy.dollarsPerDay, without disks and addresses.',
    remedy:
      'The status command tells what the machines cost now, the explain command why a type has them. maxDollarsPerHour holds them below a limit; raise deploy.dollarsPerDay if the money is there.',
  },
  UnsupportedSteps: {
    meaning:
      'For half an hour steps have waited that no machine supports, neither a machine type nor a builder of your own.',
    remedy:
      'The status command lists them: add a machine type for their system and features, or fix the jobs.',
  },
  Problems: {
    meaning:
      'Every tick of the last half hour met a problem: a refusal by AWS, or machines that could not be offered to the queue runner.',
    remedy:
      'The status command lists those of the last tick, the journal those of every tick, each with its cause.',
  },
};
