/** One run of the bench of policies: a trace with a setting of ours, a trace with a peer, or a burst. */
import type { Billing } from '../../../../lambdas/core/model/index.ts';
import type { Workload } from '../../../world/workload.ts';
import { PEERS } from '../../peers/peers.ts';
import { playPeer } from '../../peers/play-peer.ts';
import { playBurst } from './burst.ts';
import type { Burst, BurstOptions } from './burst.ts';
import { playTrace } from './play-trace.ts';
import { scoreOf } from './score.ts';
import type { Played, Score } from './score.ts';
import type { Setting } from './settings.ts';
import { farmFor } from './settings.ts';

export interface Trace {
  readonly name: string;
  readonly workload: Workload;
}

interface OursTask {
  readonly kind: 'ours';
  readonly trace: Trace;
  readonly setting: Setting;
  readonly billing: Billing;
  readonly bootSeconds: number;
}

interface PeerTask {
  readonly kind: 'peer';
  readonly trace: Trace;
  /** Its name in PEERS. */
  readonly peer: string;
  readonly slots: number;
  readonly bootSeconds: number;
}

export type Task = OursTask | PeerTask | ({ readonly kind: 'burst' } & BurstOptions);

/** One line of the table. Hours are machine hours, waits are in seconds. */
export interface Row extends Score {
  readonly trace: string;
  /** `ours`, or the name of a peer. */
  readonly policy: string;
  readonly billing: Billing;
  readonly setting: string;
  /** The name of our clock: rows with the same one differ by the dial. Absent with peers. */
  readonly clock?: string;
}

export interface TaskResult {
  readonly rows: readonly Row[];
  /** Rules of ours that were broken, in words. */
  readonly violations: readonly string[];
  readonly burst?: Burst;
}

/** The schedule has announced the farm by then, in seconds. */
const LEAD_SECONDS = 120;
const BILLINGS: readonly Billing[] = ['hourly', 'per-second'];

export async function perform(task: Task): Promise<TaskResult> {
  if (task.kind === 'peer') return { rows: peerRows(task), violations: [] };
  if (task.kind === 'ours') return playOurs(task);
  const burst = await playBurst(task);
  return { rows: [], violations: burst.violations, burst };
}

export const nameOf = (task: Task): string => {
  if (task.kind === 'burst') return `a burst under ${task.clock.name}`;
  return `${task.trace.name} with ${task.kind === 'peer' ? task.peer : settingName(task.setting)}`;
};

const settingName = ({ name, clock }: Setting): string => `${name}, ${clock.name}`;

async function playOurs({ trace, setting, billing, bootSeconds }: OursTask): Promise<TaskResult> {
  const farm = farmFor(trace.workload, setting, billing);
  const played = await playTrace({
    workload: trace.workload,
    ...{ farm, bootSeconds, leadSeconds: LEAD_SECONDS },
  });
  const { name: clock } = setting.clock;
  const head = { trace: trace.name, policy: 'ours', setting: settingName(setting), clock };
  return { rows: [rowOf(head, billing, played)], violations: played.violations };
}

function peerRows({ trace, peer: name, slots, bootSeconds }: PeerTask): readonly Row[] {
  const peer = PEERS.find((one) => one.name === name);
  if (peer === undefined) throw new RangeError(`there is no peer ${name}`);
  const played = playPeer(peer, trace.workload, { slots, bootSeconds });
  const head = { trace: trace.name, policy: name, setting: `a round every ${peer.everySeconds} s` };
  return BILLINGS.map((billing) => rowOf(head, billing, played));
}

type Head = Pick<Row, 'trace' | 'policy' | 'setting' | 'clock'>;

function rowOf({ trace, policy, ...how }: Head, billing: Billing, played: Played): Row {
  const { hours, workBoundRatio, workWeightedWait, meanWait, p50, p95, maxWait, ...counts } = scoreOf(
    played,
    billing,
  );
  return {
    ...{ trace, policy, billing, ...how },
    hours: rounded(hours, 2),
    workBoundRatio: rounded(workBoundRatio, 4),
    workWeightedWait: rounded(workWeightedWait, 1),
    meanWait: rounded(meanWait, 1),
    p50: rounded(p50, 1),
    p95: rounded(p95, 1),
    maxWait: rounded(maxWait, 1),
    ...counts,
  };
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
