/** From the ancestor's words to ours: one case as the observation and configuration of one of our ticks. */
import * as z from 'zod';
import { parseQueueStatus } from '../../../lambdas/hydra/cpp/queue-status.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';
import { neededRules } from '../../../lambdas/core/config/rules.ts';
import type {
  Instance,
  Machine,
  Observation,
  Phase,
  Readiness,
  QueueStatus,
  Sighting,
  StepDemand,
} from '../../../lambdas/core/model/index.ts';
import type { VectorCase, VectorMachine } from './format.ts';

/** Knobs of the ancestor that have no meaning without NixOps. */
const NIXOPS_KNOBS = ['nixopsExpr', 'nixPath'];
/** The ancestor knew nothing but its own arithmetic; ours counts so where one of its knobs is named. */
const BY_STEPS = { runnablesPerMachine: 10 };
/** The ancestor kept machines this much longer after a restart of the queue runner, in seconds. */
const RESTART_PATIENCE_SECONDS = 1800;

/** The configuration of a case. Types that cannot be used are left out, each with its problem. */
export function configOf({ config }: VectorCase): { config: Config; problems: readonly string[] } {
  const written = { tag: config.tag, maxTotalMachines: 1_000_000, host: { instanceId: 'i-00000000' } };
  const types = Object.fromEntries(
    Object.entries(config.systemTypes).map(([key, knobs]) => [
      key,
      { ...BY_STEPS, ...ourKnobs(knobs ?? {}) },
    ]),
  );
  const problems: string[] = [];
  for (;;) {
    // The ancestor worked with floors above caps and with any name of a system; so do its cases.
    const parsed = parseConfig({ ...written, systemTypes: types }, () => undefined, neededRules);
    if (parsed.problems.length === 0) return { config: parsed.config, problems };
    problems.push(...parsed.problems.map((problem) => `${problem.path}: ${problemInWords(problem)}`));
    const bad = Object.keys(types).filter((key) =>
      parsed.problems.some(({ path }) => `${path}.`.startsWith(`systemTypes.${key}.`)),
    );
    if (bad.length === 0) throw new Error(`the case's configuration cannot be used: ${problems.join('; ')}`);
    for (const key of bad) Reflect.deleteProperty(types, key);
  }
}

/** `-` is the ancestor's way to say that ssh chooses its key; an empty one, which it choked on, can mean nothing else. */
const ourKnobs = (knobs: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(knobs).filter(
      ([knob, value]) =>
        !NIXOPS_KNOBS.includes(knob) && !(knob === 'sshKey' && (value === '-' || value === '')),
    ),
  );

/** What our tick would see. Machines keep the ancestor's names as instance ids. */
export function observationOf(vector: VectorCase): Observation {
  const ours = vector.machines.filter(({ tag }) => tag === undefined || tag === vector.config.tag);
  const queue = queueOf(vector);
  return {
    now: vector.now,
    state: {
      farm: { backOffs: [] },
      machines: ours.map((machine) => recordOf(vector, queue, machine)),
      launches: [],
      floors: [],
    },
    instances: ours.flatMap((machine) => instanceOf(vector, machine)),
    queue,
    readiness: ours.flatMap(probeOf),
    identities: new Map(),
    storeUse: new Map(),
    denied: new Set(ours.filter((machine) => realState(machine) === 'MISSING').map(({ name }) => name)),
    problems: [],
  };
}

function queueOf({ config, status, statusExit, statusRaw, now }: VectorCase): QueueStatus {
  const stdout = statusRaw ?? JSON.stringify(status);
  const queue = parseQueueStatus({ exitCode: statusExit, stdout, hostNow: now });
  if (queue.demand === undefined) return queue;
  const types = Object.keys(config.systemTypes).filter(hasSeveralSystems);
  return { ...queue, demand: [...queue.demand, ...types.flatMap((key) => demandByName(status, key))] };
}

const hasSeveralSystems = (key: string): boolean => key.split(':')[0]?.includes(',') === true;

/** A case may name a type of several systems in its status, as no queue runner does: its steps name one system each. */
function demandByName(status: unknown, key: string): readonly StepDemand[] {
  const counts = statusSchema.parse(status).machineTypes?.[key];
  if (counts === undefined) return [];
  const [systems = '', features = ''] = key.split(':');
  const required = features.split(',').filter((feature) => feature !== '');
  return [{ key, system: systems.split(',')[0] ?? '', features: required.toSorted(), ...counts }];
}

const statusSchema = z.object({
  machineTypes: z.record(z.string(), z.object({ runnable: z.number(), running: z.number() })).nullish(),
});

/** The state a machine is really in. The ancestor only knew by checking; we always see it. */
function realState({ state, exists, checkReveals }: VectorMachine): string {
  return exists ? (checkReveals ?? state) : 'MISSING';
}

const PHASES: Readonly<Record<string, Phase>> = {
  STARTING: 'booting',
  STOPPED: 'stopped',
  STOPPING: 'stopping',
};
const INSTANCE_STATES: Readonly<Record<string, Instance['state']>> = {
  STOPPED: 'stopped',
  STOPPING: 'stopping',
};

const isUnreachable = (machine: VectorMachine): boolean =>
  ['UNREACHABLE', 'RESCUE', 'UNKNOWN'].includes(realState(machine));

function recordOf(vector: VectorCase, queue: QueueStatus, machine: VectorMachine): Machine {
  const longAgo: Sighting = { at: vector.now - 7200, hostAt: vector.now - 7200 };
  const phase = PHASES[realState(machine)] ?? 'ready';
  const atWork =
    phase === 'ready'
      ? { offered: longAgo, seenOffered: longAgo, surplusSince: lastActive(vector, queue, machine.type) }
      : {};
  return {
    instanceId: machine.name,
    type: machine.type,
    phase,
    phaseSince: phase === 'booting' ? vector.now : longAgo.at,
    reason: 'from the decision vector',
    billing: 'hourly',
    ...(machine.ip === null ? {} : { address: machine.ip }),
    ...(machine.publicHostKey === null ? {} : { identity: machine.publicHostKey }),
    ...atWork,
    ...(realState(machine) === 'MISSING' ? { missing: { since: longAgo.at, looks: 9 } } : {}),
    ...(isUnreachable(machine) ? { unreachableSince: doubtedSince(vector, machine, longAgo) } : {}),
  };
}

/** What the inventory remembers was found by the check of an earlier tick; one failed check now is only a doubt. */
const doubtedSince = ({ now }: VectorCase, { checkReveals }: VectorMachine, longAgo: Sighting): number =>
  checkReveals === undefined ? longAgo.at : now;

/** The ancestor's grace timer: since when, by its reckoning, a type has not been active. Ours is kept in the state. */
function lastActive({ now, status }: VectorCase, queue: QueueStatus, type: string): number {
  const raw =
    (status as { machineTypes?: Record<string, { lastActive?: unknown }>; uptime?: unknown } | null) ?? {};
  const reported = raw.machineTypes?.[type]?.lastActive;
  if (typeof reported === 'number' && reported > 0) return reported;
  const uptime = queue.trusted ? now - queue.runnerStartedAt : 0;
  return now - uptime + RESTART_PATIENCE_SECONDS;
}

function instanceOf(vector: VectorCase, machine: VectorMachine): readonly Instance[] {
  const state = realState(machine);
  if (state === 'MISSING') return [];
  return [
    {
      instanceId: machine.name,
      state: INSTANCE_STATES[state] ?? 'running',
      type: machine.type,
      market: 'on-demand',
      interrupted: false,
      ...(machine.ip === null ? {} : { address: machine.ip }),
      ...(machine.nextChargeInSeconds === null
        ? {}
        : { startedAt: startFor(vector.now, machine.nextChargeInSeconds) }),
    },
  ];
}

/** The start whose paid hour has `left` seconds to run; 0 left is the last instant of an hour, not the first of the next. */
const startFor = (now: number, left: number): number => now - 3600 + Math.max(left, 0.001);

function probeOf(machine: VectorMachine): readonly Readiness[] {
  return isUnreachable(machine) ? [{ instanceId: machine.name, reached: false, detail: 'no answer' }] : [];
}
