/** Plays a trace with a peer's policy, for each system by itself. */
import { Timeline } from '../../world/timeline.ts';
import type { Workload } from '../../world/workload.ts';
import type { Played } from '../bench/policy/score.ts';
import { PeerFarm } from './peer-farm.ts';
import type { Peer } from './peers.ts';

export interface PeerTerms {
  /** Steps a machine does at once. */
  readonly slots: number;
  /** From launch to an answering sshd, in seconds. */
  readonly bootSeconds: number;
}

/** What a peer keeps even without a queue runs on for so long after the last step, in seconds. */
const AFTERWARDS_SECONDS = 2 * 3600;

export function playPeer(peer: Peer, workload: Workload, terms: PeerTerms): Played {
  const systems = Map.groupBy(workload, ({ system }) => system);
  const played = [...systems.values()].map((arrivals) => playSystem(peer, arrivals, terms));
  return {
    machines: played.flatMap(({ machines }) => machines),
    waits: played.flatMap(({ waits }) => waits),
    peak: played.reduce((sum, { peak }) => sum + peak, 0),
    slots: terms.slots,
  };
}

function playSystem({ everySeconds, round }: Peer, arrivals: Workload, terms: PeerTerms): Played {
  const timeline = new Timeline(0);
  const farm = new PeerFarm({ timeline, ...terms });
  const take = round();
  for (const { atSeconds, durationsSeconds } of arrivals)
    timeline.schedule(atSeconds, () => {
      farm.queue(durationsSeconds);
    });
  const rounds = (): void => {
    farm.look();
    take(farm);
    timeline.after(everySeconds, rounds);
  };
  timeline.after(0, rounds);
  timeline.advanceTo(arrivals.at(-1)?.atSeconds ?? 0);
  while (farm.runnable + farm.running > 0) timeline.advanceTo(timeline.now + everySeconds);
  for (let passed = 0; farm.machines.length > 0 && passed < AFTERWARDS_SECONDS; passed += everySeconds)
    timeline.advanceTo(timeline.now + everySeconds);
  const lives = [...farm.ended, ...farm.machines];
  return {
    machines: lives.map(({ launchedAt, endedAt = timeline.now }) => ({ from: launchedAt, to: endedAt })),
    waits: farm.waits,
    peak: farm.peak,
    slots: farm.slots,
  };
}
