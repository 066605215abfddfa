/** The Hydra host on a bad day, of either kind, with what the judge hears of its answers. */
import type { Clock } from '../../../lambdas/ports.ts';
import { isLookSettled } from '../../world/judge/rust-telling.ts';
import { isSettled } from '../../world/judge/telling.ts';
import type { Telling } from '../../world/judge/telling.ts';
import { WorldGates } from '../../world/ports/world-gates.ts';
import { WorldHost } from '../../world/ports/world-host.ts';
import { WorldHydraHost } from '../../world/ports/world-hydra-host.ts';
import { WorldRustHost } from '../../world/ports/world-rust-host.ts';
import type { HydraHost } from '../../../lambdas/ports.ts';
import type { MachinesFileInMemory } from '../../world/queue-runner/machines-file.ts';
import type { World } from '../../world/world.ts';
import type { Chaos } from './chaos.ts';
import { FaultyGates } from './faulty/faulty-gates.ts';
import { FaultyHost } from './faulty/faulty-host.ts';
import { LookFaults, shiftLook } from './faulty/look-faults.ts';
import { StatusFaults, shiftClock } from './faulty/status-faults.ts';

export interface HostTerms {
  /** The function's clock, wrong as it may be. */
  readonly skewed: Clock;
  /** Told whenever what is offered may just have been changed by us. */
  readonly written: () => void;
}

interface Stage {
  readonly world: World;
  readonly chaos: Chaos;
  readonly clock: Clock;
  readonly file: MachinesFileInMemory;
  /** What the clock of the host is wrong by, in seconds. */
  readonly skews: { readonly host: number };
}

/** Told what the last look can tell; undefined unless it saw a running, settled queue runner as it is. */
type Hear = (telling: Telling | undefined) => void;

export function hostOf(stage: Stage, { skewed, written }: HostTerms): FaultyHost {
  const { world, chaos, clock, file } = stage;
  const { timeline, judge } = world;
  let telling: Telling | undefined;
  const hear: Hear = (told) => {
    telling = told;
  };
  const changed = (): void => {
    judge.lookAtOffers(true);
    written();
  };
  const inner = new WorldHost(world, {
    cpp: cppHost(stage, skewed, hear),
    rust: rustHost(stage, skewed, { hear, changed }),
  });
  const arrived = (): void => {
    if (telling !== undefined) judge.told(telling);
  };
  return new FaultyHost({ inner, file, timeline, chaos, clock, written: changed, arrived });
}

function cppHost({ world, chaos, file, skews }: Stage, skewed: Clock, hear: Hear): HydraHost {
  const status = new StatusFaults(chaos);
  return new WorldHydraHost(world, file, skewed, {
    hostClock: () => world.timeline.now + skews.host,
    heard: (said) => {
      const { answer: heard, isTrue } = status.mangled(said);
      const isTold = isTrue && isSettled(said.stdout, said.exitCode);
      hear(isTold ? world.judge.tellable(said.stdout) : undefined);
      return { ...heard, stdout: shiftClock(heard.stdout, skews.host) };
    },
  });
}

function rustHost(
  { world, chaos, clock, skews }: Stage,
  skewed: Clock,
  { hear, changed }: { readonly hear: Hear; readonly changed: () => void },
): HydraHost {
  const { timeline, judge } = world;
  const looks = new LookFaults(chaos);
  const inner = new WorldGates(world, clock);
  const gates = new FaultyGates({ inner, timeline, chaos, clock, moved: changed });
  return new WorldRustHost(world, skewed, {
    hostClock: () => timeline.now + skews.host,
    heard: (said) => {
      const { look, isTrue } = looks.mangled(said);
      hear(isTrue && isLookSettled(said) ? judge.tellable(said.statusText) : undefined);
      return shiftLook(look, skews.host);
    },
    gates: (ids, gate) => gates.move(ids, gate),
    askBuilders: (ids) => inner.ask(ids),
  });
}
