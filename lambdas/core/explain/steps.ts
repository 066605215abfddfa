/** Why steps of a kind get no machine: the question Hydra itself does not answer. */
import type { MachineType } from '../config/machine-type.ts';
import { PSEUDO_FEATURES } from '../config/systems.ts';
import { covers, typeFor } from '../capacity/covering.ts';
import { featuresOf, systemsOf } from '../config/machine-type.ts';
import type { StepDemand } from '../model/index.ts';
import { count } from '../text/count.ts';
import { reasonsFor, untrustedWords, verdictOn } from './explanation.ts';
import type { Explanation, Grounds } from './explanation.ts';

/** @param features the steps' required system features. */
export function explainSteps(grounds: Grounds, system: string, features: readonly string[]): Explanation {
  const { config, observation } = grounds;
  const { hostSystem } = observation.queue;
  const kind = kindOf(grounds, system, features);
  const type = typeFor(config.machineTypes, kind, hostSystem);
  const waiting = queueWords(grounds, kind);
  if (type === undefined) {
    return {
      answer: `no machine type covers ${kind.key}, so nothing is launched for it`,
      because: [...waiting, ...config.machineTypes.map((one) => whyNot(one, kind, hostSystem)), remedy(kind)],
    };
  }
  return {
    answer: `${kind.key} is built by ${type.key}: ${standing(grounds, type, kind)}; the next round would: ${verdictOn(grounds, type.key)}`,
    because: [...waiting, ...obstacles(grounds, type)],
  };
}

/** The queue's own entry for the kind, that of its system where features are not told, or one with no steps. */
function kindOf({ observation }: Grounds, system: string, features: readonly string[]): StepDemand {
  const sorted = [...new Set(features)].toSorted();
  const found = observation.queue.demand?.find(
    (step) => step.system === system && (step.features ?? sorted).join() === sorted.join(),
  );
  const key = sorted.length === 0 ? system : `${system}:${sorted.join(',')}`;
  return found ?? { key, system, features: sorted, runnable: 0, running: 0 };
}

function queueWords(grounds: Grounds, kind: StepDemand): readonly string[] {
  const { queue } = grounds.observation;
  if (queue.demand === undefined) return untrustedWords(grounds);
  const steps = queue.trusted ? (queue.stepsUnsupported ?? 0) : 0;
  const unsupported =
    steps > 0
      ? [
          `Hydra says that ${count(steps, 'step')} are supported by no machine it knows: they fail unless one that supports them is offered`,
        ]
      : [];
  const ignored = queue.trusted ? (queue.ignoredKinds ?? []) : [];
  return [
    ...untrustedWords(grounds),
    kind.runnable + kind.running === 0
      ? `the queue holds no ${kind.key} steps now; steps that wait for others are not runnable yet and do not count`
      : `the queue holds ${kind.runnable} runnable and ${kind.running} running ${kind.key} steps`,
    ...unsupported,
    ...(ignored.length === 0 ? [] : [`kinds that no machine type can be named for: ${ignored.join(', ')}`]),
  ];
}

/** What keeps a type from building the kind, one by one. */
function whyNot(type: MachineType, kind: StepDemand, hostSystem: string | undefined): string {
  const required = kind.features ?? type.features;
  const lacks = required.filter(
    (feature) => !PSEUDO_FEATURES.has(feature) && !featuresOf(type).includes(feature),
  );
  const demands = type.features.filter((feature) => !required.includes(feature));
  const reasons = [
    covers({ ...type, features: [], supportedFeatures: required }, kind, hostSystem)
      ? ''
      : `it builds ${systemsOf(type).join(', ')}, not ${kind.system}`,
    lacks.length === 0 ? '' : `it lacks ${lacks.join(', ')}`,
    demands.length === 0
      ? ''
      : `it is kept for steps that require ${demands.join(', ')} (the features in a type's name are demanded)`,
  ].filter((reason) => reason !== '');
  return `${type.key} does not: ${reasons.join('; ')}`;
}

function remedy({ system, features = [] }: StepDemand): string {
  const named = features.filter((feature) => !PSEUDO_FEATURES.has(feature));
  if (named.length === 0) return `remedy: add a machine type "${system}"`;
  return (
    `remedy: add ${named.join(', ')} to supportedFeatures of a ${system} type, ` +
    `or add a type "${system}:${named.join(',')}" that is kept for such steps`
  );
}

/** Which of the type's machines could take such steps. */
function standing({ plan, observation: { queue } }: Grounds, type: MachineType, kind: StepDemand): string {
  const ofType = plan.planned.filter(({ machine }) => machine.type === type.key);
  const ready = ofType.filter(({ machine }) => machine.phase === 'ready');
  const jobs = ready.map(({ seen }) => Math.min(seen?.currentJobs ?? 0, type.maxJobs));
  const busy = jobs.reduce((sum, running) => sum + running, 0);
  const booting = ofType.filter(({ machine }) => machine.phase === 'booting').length;
  const slots = ready.length * type.maxJobs;
  const free = queue.trusted ? `${slots - busy} of ${slots} slots free` : `${slots} slots`;
  const idle =
    kind.runnable > 0 && queue.trusted && slots > busy ? ', so Hydra itself has yet to give them out' : '';
  return `${ready.length} ready (${free}${idle}), ${booting} booting`;
}

/** Everything the plan says of the type: arithmetic, cap, capacity errors, pause, stalled dispatcher. */
function obstacles(grounds: Grounds, type: MachineType): readonly string[] {
  const booting = grounds.plan.machines
    .filter((machine) => machine.type === type.key && machine.phase === 'booting')
    .map(({ instanceId, reason: why }) => `${instanceId} boots: ${why}`);
  return [...reasonsFor(grounds, type.key, 'untrusted-status'), ...booting];
}
