/** What `--faults` lets go wrong, each by its name. */
import type { RegionSettings } from '../../world/region/settings.ts';
import type { World } from '../../world/world.ts';

interface NamedFault {
  readonly does: string;
  /** Changes made before the world begins. */
  readonly settings?: Partial<RegionSettings>;
  /** Changes made to the running world; those that strike at an instant are told. */
  readonly apply?: (world: World, tell: TellFault) => void;
}

/** Takes what went wrong just now, in words. */
export type TellFault = (what: string) => void;

const HOUR_SECONDS = 3600;

export const NAMED_FAULTS: Readonly<Record<string, NamedFault>> = {
  throttle: {
    does: 'one API call in twenty is throttled',
    apply: (world) => {
      world.region.faults.rate('*', { kind: 'throttle' }, 0.05);
    },
  },
  'lost-reply': {
    does: 'one launch in five and one other call in fifty happens, but its answer is lost',
    apply: (world) => {
      world.region.faults.rate('CreateFleet', { kind: 'lost-reply' }, 0.2);
      world.region.faults.rate('*', { kind: 'lost-reply' }, 0.02);
    },
  },
  capacity: {
    does: 'no zone has more than two machines of a kind',
    apply: (world) => {
      world.region.capacity.limit({}, 2);
    },
  },
  boot: { does: 'one boot in five never gets as far as SSH', settings: { bootFailureProbability: 0.2 } },
  spot: {
    does: 'AWS takes a spot machine back every two hours',
    settings: { spotInterruptionsPerHour: 0.5 },
  },
  runner: {
    does: 'every hour the queue runner is killed, hangs for ten minutes, or restarts',
    apply: disturbRunner,
  },
};

/** Reads `--faults`: a list of names, or `all`. @throws RangeError naming every unknown one. */
export function parseFaults(list: string): readonly string[] {
  const known = Object.keys(NAMED_FAULTS);
  if (list === 'all') return known;
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`unknown faults: ${unknown.join(', ')}; known are ${known.join(', ')} and all`);
  return names;
}

export const settingsFor = (names: readonly string[]): Partial<RegionSettings> =>
  Object.assign({}, ...names.map((name) => NAMED_FAULTS[name]?.settings ?? {})) as Partial<RegionSettings>;

export function applyFaults(world: World, names: readonly string[], tell: TellFault): void {
  for (const name of names) NAMED_FAULTS[name]?.apply?.(world, tell);
}

const DISTURBANCES = {
  kill: 'the queue runner is killed, and comes back after a minute',
  hang: 'the queue runner hangs for ten minutes',
  restart: 'the queue runner is restarted',
} as const;

function disturbRunner(world: World, tell: TellFault): void {
  const { timeline, runner, random } = world;
  const kinds = random.fork();
  const disturb = (): void => {
    const kind = kinds.pick(['kill', 'hang', 'restart'] as const);
    tell(DISTURBANCES[kind]);
    if (kind === 'hang') {
      runner.hang();
      timeline.after(600, () => {
        runner.resume();
      });
    } else {
      if (kind === 'kill') runner.kill();
      else runner.stop();
      timeline.after(kind === 'kill' ? 60 : 10, () => {
        runner.start();
      });
    }
    timeline.after(HOUR_SECONDS, disturb);
  };
  timeline.after(HOUR_SECONDS / 2, disturb);
}
