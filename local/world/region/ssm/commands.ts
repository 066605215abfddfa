/** Run Command: from SendCommand to the last output. */
import type { EpochSeconds } from '../../../../lambdas/core/model/index.ts';
import type { Random } from '../../random.ts';
import type { Timeline } from '../../timeline.ts';
import { RegionError } from '../errors.ts';
import type { Events } from '../events.ts';
import type { Ids } from '../ids.ts';
import type { RegionSettings } from '../settings.ts';
import type { Documents } from './documents.ts';
import type { Executor, Kill, ScriptOutcome } from './executor.ts';
import {
  ended,
  isOver,
  jobOf,
  overallStatus,
  pending,
  type CommandStatus,
  type Invocation,
  type StatusDetails,
} from './invocation.ts';
import { Invocations, invocationKey, type InvocationKey } from './invocations.ts';
import type { Nodes } from './nodes.ts';
import { checkSend, type Command, type SendRequest } from './send-request.ts';

export interface CommandParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly settings: RegionSettings;
  readonly ids: Ids;
  readonly events: Events;
  readonly nodes: Nodes;
  readonly documents: Documents;
  readonly executor: Executor;
}

/** AWS keeps commands for 30 days; a day bounds the memory of a long simulation. */
const HISTORY_SECONDS = 86_400;

export class Commands {
  readonly #parts: CommandParts;
  readonly #commands = new Map<string, Command>();
  readonly #invocations = new Invocations();
  /** Scripts running now, and outcomes that silent agents have not told yet. */
  readonly #kills = new Map<InvocationKey, Kill>();
  readonly #untold = new Map<InvocationKey, ScriptOutcome>();

  constructor(parts: CommandParts) {
    this.#parts = parts;
    const ofNode = (instanceId: string, act: (key: InvocationKey) => void): void => {
      this.#invocations.keysOfNode(instanceId).forEach(act);
    };
    parts.nodes.listen({
      online: (instanceId) => {
        ofNode(instanceId, (key) => this.#deliver(key));
        ofNode(instanceId, (key) => this.#tell(key));
      },
      gone: (instanceId) => ofNode(instanceId, (key) => this.#kills.get(key)?.()),
    });
  }

  /** @throws RegionError for anything SendCommand refuses at once; nothing has been sent then */
  send(request: SendRequest): Command {
    const { timeline, ids, random, settings } = this.#parts;
    const checked = checkSend(this.#parts, request);
    const command: Command = { ...checked, commandId: ids.uuid(), requestedAt: timeline.now };
    const { commandId, script, requestedAt } = command;
    this.#commands.set(commandId, command);
    for (const instanceId of command.instanceIds) {
      const visibleAt = requestedAt + random.between(...settings.ssmHiddenSeconds);
      const key = this.#invocations.add(pending({ commandId, instanceId, script, visibleAt, requestedAt }));
      timeline.after(random.between(...settings.ssmDeliverySeconds), () => this.#deliver(key));
      timeline.after(command.timeoutSeconds, () => this.#giveUpDelivery(key));
    }
    timeline.after(HISTORY_SECONDS, () => this.#forget(commandId));
    return command;
  }

  get all(): readonly Command[] {
    return [...this.#commands.values()];
  }

  /** @throws RegionError `InvalidCommandId` */
  require(commandId: string): Command {
    const command = this.#commands.get(commandId);
    if (command !== undefined) return command;
    throw new RegionError('InvalidCommandId', `Command ${commandId} does not exist.`);
  }

  /** Every invocation the service admits to at `now`. */
  visibleInvocations(now: EpochSeconds): readonly Invocation[] {
    return this.#invocations.all.filter(({ visibleAt }) => visibleAt <= now);
  }

  /** All of one command, also those the service does not admit to yet. */
  ofCommand(commandId: string): readonly Invocation[] {
    return this.#invocations.ofCommand(commandId);
  }

  /** @throws RegionError `InvocationDoesNotExist`, also for some moments after SendCommand */
  invocation(commandId: string, instanceId: string): Invocation {
    const invocation = this.#invocations.get(invocationKey(commandId, instanceId));
    if (invocation !== undefined && invocation.visibleAt <= this.#parts.timeline.now) return invocation;
    throw new RegionError('InvocationDoesNotExist', `No invocation of ${commandId} on ${instanceId} (yet).`);
  }

  /** Of the whole command: still under way, or the worst of its invocations. */
  status(commandId: string): CommandStatus {
    return overallStatus(this.#invocations.ofCommand(commandId));
  }

  /** Asks for the end of what is not over yet, on all nodes or the given ones; guarantees nothing. */
  cancel(commandId: string, instanceIds: readonly string[] = []): void {
    this.require(commandId);
    for (const { instanceId, status } of this.#invocations.ofCommand(commandId)) {
      if (instanceIds.length > 0 && !instanceIds.includes(instanceId)) continue;
      const key = invocationKey(commandId, instanceId);
      if (status === 'Pending') this.#end(key, 'Cancelled', 'Cancelled');
      if (status !== 'InProgress') continue;
      this.#invocations.change(key, { status: 'Cancelling', statusDetails: 'Cancelling' });
      this.#kills.get(key)?.();
    }
  }

  /** Ends every script that runs now, as when the region is switched off. */
  killAll(): void {
    for (const kill of [...this.#kills.values()]) kill();
  }

  #deliver(key: InvocationKey): void {
    const { nodes, executor, timeline, settings } = this.#parts;
    const invocation = this.#invocations.get(key);
    if (invocation?.status !== 'Pending') return;
    if (nodes.find(invocation.instanceId)?.agent !== 'online') return;
    const { script, commandId } = invocation;
    this.#invocations.change(key, {
      status: 'InProgress',
      statusDetails: 'InProgress',
      startedAt: timeline.now,
    });
    const { timeoutSeconds } = this.require(commandId);
    timeline.after(script.timeoutSeconds + timeoutSeconds, () => this.#giveUpExecution(key));
    const kill = executor.run(jobOf(invocation, settings.regionName), (outcome) => {
      this.#untold.set(key, outcome);
      this.#tell(key);
    });
    if (!this.#untold.has(key) && this.#isUnderWay(key)) this.#kills.set(key, kill);
  }

  /** The agent reports the outcome, if it can reach the service. */
  #tell(key: InvocationKey): void {
    const invocation = this.#invocations.get(key);
    const outcome = this.#untold.get(key);
    if (invocation === undefined || outcome === undefined) return;
    this.#kills.delete(key);
    if (this.#parts.nodes.find(invocation.instanceId)?.agent !== 'online') return;
    this.#untold.delete(key);
    if (isOver(invocation)) return;
    this.#invocations.add(ended(invocation, outcome, this.#parts.timeline.now));
    this.#announce(key);
  }

  #giveUpDelivery(key: InvocationKey): void {
    if (this.#invocations.get(key)?.status === 'Pending') this.#end(key, 'TimedOut', 'DeliveryTimedOut');
  }

  /** The service hears nothing of a script that must have ended: the node or its agent is dead. */
  #giveUpExecution(key: InvocationKey): void {
    if (!this.#isUnderWay(key)) return;
    this.#end(key, 'TimedOut', 'ExecutionTimedOut');
    this.#kills.get(key)?.();
  }

  #isUnderWay(key: InvocationKey): boolean {
    const invocation = this.#invocations.get(key);
    return invocation !== undefined && !isOver(invocation);
  }

  #end(key: InvocationKey, status: CommandStatus, statusDetails: StatusDetails): void {
    this.#invocations.change(key, { status, statusDetails, endedAt: this.#parts.timeline.now });
    this.#announce(key);
  }

  #announce(key: InvocationKey): void {
    const invocation = this.#invocations.get(key);
    if (invocation === undefined) return;
    const { commandId, instanceId, status } = invocation;
    const document = this.require(commandId).document.name;
    this.#parts.events.commandEnded({ commandId, instanceId, document, status });
  }

  #forget(commandId: string): void {
    this.#commands.delete(commandId);
    this.#invocations.forgetCommand(commandId);
  }
}
