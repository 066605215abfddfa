/** What events of a story do to a host with the Rust queue runner and to the builders that dial in to it. */
import type { BuilderEvent } from '../../world/queue-runner/scenario.ts';
import { RegionError } from '../../world/region/errors.ts';
import type { RegionInstance } from '../../world/region/instance.ts';
import type { RustBuilders } from '../../world/rust-runner/builders.ts';
import type { RustBuilderOptions, RustRunnerSettings } from '../../world/rust-runner/settings.ts';
import type { World } from '../../world/world.ts';
import { cutOff, reachAgain, reboot } from '../mishaps/rust-builders.ts';
import { meantId } from './meant-machines.ts';
import type { RustBuilderEvent, RustEvent, RustLasting } from './rust-events.ts';

type OneBuilder = RustBuilderEvent | BuilderEvent;
type Befall = (machines: RustBuilders, id: string) => void;

const ON_SERVICE: Readonly<Record<string, Befall>> = {
  // systemd lets one be that runs.
  'start-builder': (machines, id) => {
    if (!machines.isJoined(id)) machines.restart(id);
  },
  'kill-builder': (machines, id) => {
    machines.kill(id);
  },
  'stop-builder': (machines, id) => {
    machines.leave(id);
  },
  'freeze-builder': (machines, id) => {
    machines.freeze(id);
  },
  'thaw-builder': (machines, id) => {
    machines.thaw(id);
  },
  'restart-builder': (machines, id) => {
    machines.restart(id);
  },
  'crash-builder': (machines, id) => {
    machines.crash(id);
  },
  'open-builder': (machines, id) => {
    machines.open(id);
  },
  'close-builder': (machines, id) => {
    machines.close(id);
  },
  'stop-daemon': (machines, id) => {
    machines.daemonDies(id);
  },
  'start-daemon': (machines, id) => {
    machines.daemonReturns(id);
  },
};

/** Something befalls the builder that an event means, if there is one. */
export function befallBuilder(world: World, { do: what, host }: OneBuilder): void {
  const instance = world.region.instances.find(meantId(world, host));
  if (instance === undefined) return;
  befallMachine(world, what, instance);
  world.judge.lookAtOffers(false);
}

function befallMachine(world: World, what: OneBuilder['do'], instance: RegionInstance): void {
  switch (what) {
    case 'silence-builder':
    case 'vanish-builder':
      cutOff(world, instance);
      return;
    case 'heal-builder':
      reachAgain(world, instance);
      return;
    case 'reboot-builder':
      rebootIfRunning(world, instance);
      return;
    default:
      ON_SERVICE[what]?.(world.rust.machines, instance.instanceId);
  }
}

function rebootIfRunning(world: World, instance: RegionInstance): void {
  try {
    reboot(world, instance);
  } catch (error) {
    if (!(error instanceof RegionError)) throw error;
  }
}

/** Lets it happen now. Returns how to end it where it lasts. */
export function happenOnRust(world: World, event: RustEvent): (() => void) | undefined {
  if (!isLasting(event)) {
    befallBuilder(world, event);
    return undefined;
  }
  switch (event.do) {
    case 'double-builder':
      return world.rust.double(meantId(world, event.host));
    case 'builders-boot':
      return world.rust.bootingWith(bootedAs(event));
    case 'runner-settings': {
      const { maxUnsupportedTimeInS, dispatchTriggerTimerInS } = event;
      return reloaded(world, {
        ...(maxUnsupportedTimeInS !== undefined && { maxUnsupportedTimeSeconds: maxUnsupportedTimeInS }),
        ...(dispatchTriggerTimerInS !== undefined && { dispatchTriggerSeconds: dispatchTriggerTimerInS }),
      });
    }
    case 'token-unreadable':
      return world.rust.loseToken();
  }
}

const LASTING: ReadonlySet<string> = new Set<RustLasting['do']>([
  'double-builder',
  'builders-boot',
  'runner-settings',
  'token-unreadable',
]);

const isLasting = (event: RustEvent): event is RustLasting => LASTING.has(event.do);

/** Its Nix has what it claims. */
const bootedAs = ({
  version,
  token,
  supportedFeatures,
  maxJobs,
}: Extract<RustLasting, { do: 'builders-boot' }>): Partial<RustBuilderOptions> => ({
  ...(version !== undefined && { version }),
  ...(token !== undefined && { token }),
  ...(supportedFeatures !== undefined && { supportedFeatures }),
  ...(maxJobs !== undefined && { maxJobs }),
});

function reloaded({ rust: { runner } }: World, changes: Partial<RustRunnerSettings>): () => void {
  const { settings } = runner;
  const before = Object.fromEntries(
    Object.keys(changes).map((name) => [name, settings[name as keyof RustRunnerSettings]]),
  );
  runner.reload(changes);
  return () => {
    runner.reload(before);
  };
}
