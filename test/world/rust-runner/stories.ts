/** What happened while the timelines of the real queue runner were recorded, to be played again. */
import type { BuildBatch } from '../../../local/world/hydra/builds.ts';
import { RustFarm } from './farm.ts';
import { wordsOf, stateNow } from './timeline.ts';
import type { Sample } from './timeline.ts';

/** As often as it was looked when they were recorded. */
const LOOK_SECONDS = 0.2;

type Happens = (farm: RustFarm) => void;

/** Told by a clock that shows minutes and seconds. Builds of which it is not known take as long as the timeline shows. */
export interface Story {
  /** When the queue runner was started. */
  readonly started: string;
  /** Seconds between two looks of the dispatcher, at first. */
  readonly dispatchTriggerSeconds?: number;
  readonly events: readonly (readonly [clock: string, happens: Happens])[];
}

const PLAIN = { seconds: 20 } as const;
const BIG = { seconds: 20, features: ['big-parallel'] } as const;
const KVM = { seconds: 20, features: ['kvm', 'nixos-test'] } as const;
const ARM = { seconds: 20, system: 'aarch64-linux' } as const;

type Batch = readonly [count: number, kind: Partial<BuildBatch>];

function queueAll(farm: RustFarm, ...batches: readonly Batch[]): void {
  for (const [count, kind] of batches) farm.queue(count, kind);
}

/** queue-runner.toml is read again, and the dispatcher woken. */
function hurried({ runner }: RustFarm): void {
  runner.reload({ dispatchTriggerSeconds: 5 });
  runner.poke();
}

/** Of one builder: it joins, is closed and opened, leaves, comes back, has a double that is killed, and stands still. */
export const ONE_BUILDER: Story = {
  started: '24:44.85',
  events: [
    ['25:00.8', (farm) => queueAll(farm, [20, PLAIN])],
    ['25:05', (farm) => queueAll(farm, [6, BIG], [6, KVM], [4, ARM])],
    ['25:21.8', (farm) => farm.join('i-0b1')],
    ['27:47.5', ({ builders }) => builders.close('i-0b1')],
    ['28:25.5', ({ builders }) => builders.open('i-0b1')],
    ['29:01.2', hurried],
    ['29:28', ({ builders }) => builders.leave('i-0b1')],
    ['29:31.3', (farm) => farm.join('i-0b1')],
    ['30:05', (farm) => farm.join('another of that name', { hostname: 'i-0b1' })],
    ['30:23.8', ({ builders }) => builders.kill('another of that name')],
    ['30:55', ({ builders }) => builders.freeze('i-0b1')],
    ['31:39.8', ({ builders }) => builders.thaw('i-0b1')],
  ],
};

/** Of three builders: one vanishes, one sends big outputs and loses its Nix daemon later, one works. */
export const THREE_BUILDERS: Story = {
  started: '32:19.19',
  dispatchTriggerSeconds: 5,
  events: [
    ['32:19.8', (farm) => queueAll(farm, [4, PLAIN], [6, { ...BIG, seconds: 15 }], [6, KVM], [4, ARM])],
    ['32:20', (farm) => farm.join('i-0b1')],
    ['33:01.5', (farm) => farm.join('i-0b3')],
    ['33:11', ({ builders }) => builders.vanish('i-0b3')],
    ['33:20', (farm) => queueAll(farm, [30, PLAIN])],
    ['33:28.2', (farm) => farm.join('i-0b2', { maxJobs: 3 })],
    ['33:28.4', (farm) => queueAll(farm, [3, { seconds: 7, outputMiB: 750, globalPriority: 1 }])],
    ['34:24', ({ builders }) => builders.daemonDies('i-0b2')],
  ],
};

/** What no machine could build waits, until the limit is lowered to 20 s and other such steps come. */
export const LOW_LIMIT: Story = {
  started: '42:00',
  dispatchTriggerSeconds: 5,
  events: [
    ['42:01', (farm) => queueAll(farm, [4, ARM], [21, KVM])],
    ['42:01.5', (farm) => farm.join('i-0b1')],
    ['42:02', (farm) => farm.join('i-0b2', { maxJobs: 3 })],
    ['42:17.6', (farm) => queueAll(farm, [92, PLAIN])],
    ['42:27', ({ runner }) => runner.reload({ maxUnsupportedTimeSeconds: 20 })],
    ['42:27.1', (farm) => queueAll(farm, [4, { seconds: 20, features: ['gpu'] }])],
  ],
};

export const secondsOf = (clock: string): number => {
  const [minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return minutes * 60 + seconds;
};

/** Plays a story, and looks while it is between these two. @param seed of how long things take, within what was measured. */
export function samplesOf(
  { started, dispatchTriggerSeconds, events }: Story,
  { from, until }: { readonly from: number; readonly until: number },
  seed: number,
): readonly Sample[] {
  const farm = new RustFarm(
    { ...(dispatchTriggerSeconds !== undefined && { dispatchTriggerSeconds }) },
    { seed },
  );
  const now = (): number => farm.now + secondsOf(started);
  const samples: Sample[] = [];
  const passTo = (at: number): void => {
    if (Math.min(at, from) > now()) farm.wait(Math.min(at, from) - now());
    for (; now() >= from && now() + LOOK_SECONDS < at; farm.wait(LOOK_SECONDS))
      samples.push({ at: now(), words: wordsOf(stateNow(farm)) });
    if (at > now()) farm.wait(at - now());
  };
  for (const [clock, happens] of events) {
    const at = secondsOf(clock);
    if (at > until) break;
    passTo(at);
    happens(farm);
  }
  passTo(until);
  return samples;
}
