/** Run Command: from SendCommand to the last output. */
import type { EpochSeconds } from '../../../../lambdas/core/model.ts';
import type { Timeline } from '../../timeline.ts';
import type { Random } from '../../random.ts';
import { RegionError } from '../errors.ts';
import type { Ids } from '../ids.ts';
import type { RegionSettings } from '../settings.ts';
import type { Documents } from './documents.ts';
import type { Executor, Kill, ScriptOutcome } from './executor.ts';
import { ended, isOver, type CommandStatus, type Invocation } from './invocation.ts';
import type { Nodes } from './nodes.ts';
import { checkSend, type Command, type SendRequest } from './send-request.ts';

export interface CommandParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly settings: RegionSettings;
  readonly ids: Ids;
  readonly nodes: Nodes;
  readonly documents: Documents;
  readonly executor: Executor;
}

const keyOf = (commandId: string, instanceId: string): string => `${commandId} ${instanceId}`;

export class Commands {
  readonly #parts: CommandParts;
  readonly #commands = new Map<string, Command>();
  readonly #invocations = new Map<string, Invocation>();
  /** Scripts running now, and outcomes their silent agents have not told yet. */
  readonly #kills = new Map<string, Kill>();
  readonly #untold = new Map<string, ScriptOutcome>();

  constructor(parts: CommandParts) {
    this.#parts = parts;
    parts.nodes.listen({
      online: (instanceId) => {
        this.#ofNode(instanceId).forEach((key) => this.#deliver(key));
        this.#ofNode(instanceId).forEach((key) => this.#tell(key));
      },
      gone: (instanceId) => this.#ofNode(instanceId).forEach((key) => this.#kills.get(key)?.()),
    });
  }

  /** @throws RegionError for anything SendCommand refuses at once; nothing has been sent then */
  send(request: SendRequest): Command {
    const { timeline, ids, random, settings } = this.#parts;
    const { now } = timeline;
    const checked = checkSend(this.#parts, request);
    const command: Command = { ...checked, commandId: ids.uuid(), requestedAt: now };
    this.#commands.set(command.commandId, command);
    for (const instanceId of command.instanceIds) {
      const key = keyOf(command.commandId, instanceId);
      this.#invocations.set(key, {
        commandId: command.commandId,
        instanceId,
        script: checked.script,
        visibleAt: now + random.between(...settings.ssmHiddenSeconds),
        requestedAt: now,
        status: 'Pending',
        statusDetails: 'Pending',
        responseCode: -1,
        stdout: '',
        stderr: '',
      });
      timeline.after(random.between(...settings.ssmDeliverySeconds), () => this.#deliver(key));
      timeline.after(command.timeoutSeconds, () => this.#giveUpDelivery(key));
    }
    return command;
  }

  get all(): readonly Command[] {
    return [...this.#commands.values()];
  }

  /** Every invocation the service admits to at `now`. */
  invocations(now: EpochSeconds): readonly Invocation[] {
    return [...this.#invocations.values()].filter(({ visibleAt }) => visibleAt <= now);
  }

  /** @throws RegionError `InvalidCommandId` */
  require(commandId: string): Command {
    const command = this.#commands.get(commandId);
    if (command !== undefined) return command;
    throw new RegionError('InvalidCommandId', `Command ${commandId} does not exist.`);
  }

  /** @throws RegionError `InvocationDoesNotExist`, also for some moments after SendCommand */
  invocation(commandId: string, instanceId: string): Invocation {
    const invocation = this.#invocations.get(keyOf(commandId, instanceId));
    if (invocation !== undefined && invocation.visibleAt <= this.#parts.timeline.now) return invocation;
    throw new RegionError('InvocationDoesNotExist', `No invocation of ${commandId} on ${instanceId} (yet).`);
  }

  /** Of the whole command: the worst of its invocations, or that it is still under way. */
  status(commandId: string): CommandStatus {
    const statuses = this.#ofCommand(commandId).map(({ status }) => status);
    const order: readonly CommandStatus[] = [
      'Cancelling',
      'InProgress',
      'Pending',
      'TimedOut',
      'Failed',
      'Cancelled',
    ];
    return order.find((status) => statuses.includes(status)) ?? 'Success';
  }

  /** Asks for the end of what is not over yet; guarantees nothing. */
  cancel(commandId: string, instanceIds: readonly string[] = []): void {
    this.require(commandId);
    for (const { instanceId, status } of this.#ofCommand(commandId)) {
      if (instanceIds.length > 0 && !instanceIds.includes(instanceId)) continue;
      const key = keyOf(commandId, instanceId);
      if (status === 'Pending') {
        this.#change(key, {
          status: 'Cancelled',
          statusDetails: 'Cancelled',
          endedAt: this.#parts.timeline.now,
        });
      }
      if (status !== 'InProgress') continue;
      this.#change(key, { status: 'Cancelling', statusDetails: 'Cancelling' });
      this.#kills.get(key)?.();
    }
  }

  #deliver(key: string): void {
    const { nodes, executor, settings, timeline } = this.#parts;
    const invocation = this.#invocations.get(key);
    if (invocation?.status !== 'Pending') return;
    if (nodes.find(invocation.instanceId)?.agent !== 'online') return;
    const { script, commandId, instanceId } = invocation;
    this.#change(key, { status: 'InProgress', statusDetails: 'InProgress', startedAt: timeline.now });
    const { timeoutSeconds = 0 } = this.#commands.get(commandId) ?? {};
    timeline.after(script.timeoutSeconds + timeoutSeconds, () => this.#giveUpExecution(key));
    const environment = {
      ...script.environment,
      SSM_COMMAND_ID: commandId,
      AWS_SSM_INSTANCE_ID: instanceId,
      AWS_SSM_REGION_NAME: settings.regionName,
    };
    const job = { ...script, script: script.text, commandId, instanceId, environment };
    const kill = executor.run(job, (outcome) => {
      this.#untold.set(key, outcome);
      this.#tell(key);
    });
    if (!this.#untold.has(key) && this.#isUnderWay(key)) this.#kills.set(key, kill);
  }

  /** The agent reports the outcome, if it can reach the service. */
  #tell(key: string): void {
    const invocation = this.#invocations.get(key);
    const outcome = this.#untold.get(key);
    if (invocation === undefined || outcome === undefined) return;
    this.#kills.delete(key);
    if (this.#parts.nodes.find(invocation.instanceId)?.agent !== 'online') return;
    this.#untold.delete(key);
    if (isOver(invocation)) return;
    this.#invocations.set(key, ended(invocation, outcome, this.#parts.timeline.now));
  }

  #giveUpDelivery(key: string): void {
    if (this.#invocations.get(key)?.status !== 'Pending') return;
    this.#change(key, {
      status: 'TimedOut',
      statusDetails: 'DeliveryTimedOut',
      endedAt: this.#parts.timeline.now,
    });
  }

  /** The service hears nothing of a script that must have ended: the node or its agent is dead. */
  #giveUpExecution(key: string): void {
    if (!this.#isUnderWay(key)) return;
    this.#kills.get(key)?.();
    this.#change(key, {
      status: 'TimedOut',
      statusDetails: 'ExecutionTimedOut',
      endedAt: this.#parts.timeline.now,
    });
  }

  #isUnderWay(key: string): boolean {
    const invocation = this.#invocations.get(key);
    return invocation !== undefined && !isOver(invocation);
  }

  #change(key: string, change: Partial<Invocation>): void {
    const invocation = this.#invocations.get(key);
    if (invocation !== undefined) this.#invocations.set(key, { ...invocation, ...change });
  }

  #ofCommand(commandId: string): readonly Invocation[] {
    return [...this.#invocations.values()].filter((invocation) => invocation.commandId === commandId);
  }

  #ofNode(instanceId: string): readonly string[] {
    return [...this.#invocations].filter(([, it]) => it.instanceId === instanceId).map(([key]) => key);
  }
}
