/** What each event of a scenario does to the world. */
import { TYPE_TAG, typeToTagValue } from '../../../lambdas/aws/ec2/tags.ts';
import type { FaultyStage } from '../simulate/faulty-stage.ts';
import type { HydraRunner } from '../../world/hydra/hydra.ts';
import type { CppHydra } from '../../world/queue-runner/cpp-hydra.ts';
import { happenToRunner, happenToService } from '../../world/queue-runner/runner-events.ts';
import { stateReason } from '../../world/region/mishaps.ts';
import type { Selector } from '../../world/region/selector.ts';
import type { World } from '../../world/world.ts';
import { isRustEvent } from './events.ts';
import type { WorldEvent } from './events.ts';
import { evaluate } from './happen-evaluations.ts';
import { giveOrder, launchForeign, takeTagsOff, tickTwice } from './happen-people.ts';
import { befallBuilder, happenOnRust } from './happen-rust.ts';
import { meantId } from './meant-machines.ts';
import type { ScenarioEvent } from './scenario.ts';
import type { StateAnswers } from './wire/state-answers.ts';

/** Where events happen. */
export interface Scene {
  readonly stage: FaultyStage;
  /** How DynamoDB answers. */
  readonly stateAnswers: StateAnswers;
}

/** Ends what an event began. */
export type End = () => void;

/** Lets one event happen now. Returns how to end it where it lasts. */
export function happen(scene: Scene, event: ScenarioEvent): End | undefined {
  const { stage } = scene;
  const { world } = stage;
  if (isRustEvent(event)) return happenOnRust(world, event);
  switch (event.do) {
    case 'replace-runner':
      world.inForce.replaceBy(event.runner);
      return undefined;
    case 'upgrade':
      world.configure(event.config);
      return undefined;
    case 'order':
      giveOrder(stage, event.event);
      return undefined;
    case 'untag':
      takeTagsOff(world, event.machines);
      return undefined;
    case 'foreign-instance':
      launchForeign(world, event);
      return undefined;
    case 'tick-twice':
      tickTwice(stage, event.apartSeconds, event.sameRequestId);
      return undefined;
    case 'evaluate':
      evaluate(world, event);
      return undefined;
    case 'file-written':
      stage.file.replace(event.text);
      world.judge.lookAtOffers(false);
      return undefined;
    case 'instances-end':
    case 'spot-taken':
    case 'start-undone':
    case 'instances-stuck':
    case 'instances-hidden':
    case 'describe-answers':
    case 'refuse':
    case 'capacity':
    case 'state-answers':
      return begin(scene, event);
    default:
      happenToQueue(stage, event);
      return undefined;
  }
}

type Lasting = Extract<WorldEvent, { until?: number | undefined }>;
type QueueEvent = Parameters<typeof happenToRunner>[1];

function happenToQueue(stage: FaultyStage, event: QueueEvent): void {
  const { world } = stage;
  if (world.hydra.kind === 'cpp') happenToCpp(stage, world.hydra, event);
  else {
    const { runner } = world.hydra;
    const queued = happenToService({ runner, start: starting(runner) }, event);
    if (queued === undefined && 'host' in event) befallBuilder(world, event);
  }
  world.judge.lookAtOffers(false);
}

function happenToCpp({ world, file }: FaultyStage, hydra: CppHydra, event: QueueEvent): void {
  const { runner, builders } = hydra;
  const addressed = 'host' in event ? { ...event, host: addressOf(world, event.host) } : event;
  happenToRunner({ runner, file, builders, start: starting(runner) }, addressed);
}

const starting = (runner: HydraRunner) => (): void => {
  if (!runner.running) runner.start();
};

/** The C++ queue runner knows machines by their addresses. */
const addressOf = (world: World, host: string): string =>
  world.region.instances.find(meantId(world, host))?.address ?? host;

/** What lasts until it is ended. */
function begin({ stage, stateAnswers }: Scene, event: Lasting): End {
  const { region } = stage.world;
  switch (event.do) {
    case 'instances-end': {
      const { when, share, stateReason: code } = event;
      return region.mishaps.add({ kind: 'ends', when, reason: stateReason(code), share, ...of(event) });
    }
    case 'spot-taken': {
      const { when, warning: warningSeconds, share } = event;
      return region.mishaps.add({ kind: 'spot-taken', when, warningSeconds, share, ...of(event) });
    }
    case 'start-undone': {
      const reason = stateReason(event.stateReason);
      return region.mishaps.add({ kind: 'start-undone', reason, share: event.share, ...of(event) });
    }
    case 'instances-stuck': {
      const { state: what, seconds, share } = event;
      return region.delays.add({ what, seconds, share, ...of(event) });
    }
    case 'instances-hidden': {
      const { seconds, share } = event;
      return region.delays.add({ what: 'hidden', seconds, share, ...of(event) });
    }
    case 'describe-answers':
      return region.listings.shorten(event.answer, event.times);
    case 'refuse': {
      const { call: action, code, message, share } = event;
      return region.refusals.add({
        ...{ action, code, share },
        ...(message === undefined ? {} : { message }),
        ...of(event),
      });
    }
    case 'capacity':
      return region.capacity.limit(of(event).of ?? {}, event.machines);
    case 'state-answers':
      return stateAnswers.empty(event.times);
  }
}

/** Machines of a type are known by their tag. */
function of(event: Extract<Lasting, { of?: unknown }>): { readonly of?: Selector } {
  if (event.of === undefined) return {};
  const { market, instanceType, subnet, type } = event.of;
  const selector: Selector = {
    ...(market === undefined ? {} : { market }),
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(subnet === undefined ? {} : { subnet }),
    ...(type === undefined ? {} : { tags: { [TYPE_TAG]: typeToTagValue(type) } }),
  };
  return { of: selector };
}
