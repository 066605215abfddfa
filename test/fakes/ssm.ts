/**
 * A small SSM over HTTP: it takes commands for nodes, really runs the documents' scripts on them, and shows the results
 * the way SSM does. What goes wrong in between can be told beforehand.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { DocumentContent } from '../../infra/documents/documents.ts';
import { renderScript, runScript, type ScriptHost } from './ssm-agent.ts';

export interface Fault {
  readonly code: string;
  readonly message?: string;
  readonly status?: number;
}

/** A refusal, as AWS words it. */
class Refusal extends Error {
  readonly fault: Fault;
  constructor(code: string, message = code, status = 400) {
    super(message);
    this.fault = { code, message, status };
  }
}

/** What SSM shows of one command on one node. */
interface Shown {
  readonly StatusDetails: string;
  readonly ResponseCode: number;
  readonly StandardOutputContent: string;
  readonly StandardErrorContent: string;
}

interface Invocation {
  readonly commandId: string;
  readonly instanceId: string;
  readonly outcome: Promise<Shown>;
}

const sendCommand = z.strictObject({
  DocumentName: z.string(),
  DocumentVersion: z.literal('$DEFAULT'),
  InstanceIds: z.array(z.string()).min(1).max(50),
  Parameters: z.record(z.string(), z.tuple([z.string()])).default({}),
  TimeoutSeconds: z.int().min(30),
  Comment: z.string().max(100).optional(),
});
const getInvocation = z.strictObject({ CommandId: z.string(), InstanceId: z.string() });
const listInvocations = z.strictObject({
  CommandId: z.string(),
  MaxResults: z.int().min(1).max(50),
  NextToken: z.string().optional(),
});
const describeNodes = z.strictObject({
  Filters: z.array(
    z.strictObject({ Key: z.literal('InstanceIds'), Values: z.array(z.string()).min(1).max(100) }),
  ),
  MaxResults: z.int().min(5).max(50),
  NextToken: z.string().optional(),
});

export type SentCommand = z.output<typeof sendCommand>;

const NOTHING: Shown = {
  StatusDetails: 'Pending',
  ResponseCode: -1,
  StandardOutputContent: '',
  StandardErrorContent: '',
};

export class SsmStandIn {
  /** Every accepted command, in order. */
  readonly sent: SentCommand[] = [];
  readonly calls: string[] = [];
  /** How often GetCommandInvocation still says that it does not know a command. */
  forgetfulReads = 0;
  /** Agents that take a command twice: SendCommand has no idempotency token. */
  deliverTwice = false;
  /** Fewer than asked for, so that lists have several pages. */
  pageSize = 50;
  /** Pages without a node that come before the nodes. */
  emptyPages = 0;
  /** The status words shown instead of what happened, by node. The script is not run. */
  readonly instead = new Map<string, string>();
  /** Changes what a script printed, on its way. */
  mangle: (stdout: string) => string = (stdout) => stdout;
  readonly #documents = new Map<string, DocumentContent>();
  readonly #nodes = new Map<string, ScriptHost | undefined>();
  readonly #faults = new Map<string, (Fault | 'lost')[]>();
  readonly #invocations: Invocation[] = [];
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<SsmStandIn> {
    const standIn = new SsmStandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#invocations.map(({ outcome }) => outcome));
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  client(): SSMClient {
    const { port } = this.#server.address() as AddressInfo;
    return new SSMClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  document(name: string, content: DocumentContent): void {
    this.#documents.set(name, content);
  }

  /** A node whose agent is there; without a host it is known but offline. */
  node(instanceId: string, host?: ScriptHost): void {
    this.#nodes.set(instanceId, host);
  }

  /** Lets the next `times` calls of `action` fail; `lost` cuts the connection after the deed. */
  failNext(action: string, fault: Fault | 'lost', times = 1): void {
    this.#faults.set(action, [...(this.#faults.get(action) ?? []), ...Array(times).fill(fault)]);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
    const body: unknown = JSON.parse(await text(request));
    this.calls.push(action);
    const fault = this.#faults.get(action)?.shift();
    try {
      if (fault !== undefined && fault !== 'lost') {
        throw new Refusal(fault.code, fault.message, fault.status);
      }
      const answer = await this.#answer(action, body);
      if (fault === 'lost') request.socket.destroy();
      else reply(response, 200, answer);
    } catch (error) {
      const { code, message, status = 400 } = error instanceof Refusal ? error.fault : serverFault(error);
      reply(response, status, { __type: code, message });
    }
  }

  async #answer(action: string, body: unknown): Promise<object> {
    switch (action) {
      case 'SendCommand':
        return this.#send(sendCommand.parse(body));
      case 'GetCommandInvocation':
        return await this.#get(getInvocation.parse(body));
      case 'ListCommandInvocations':
        return await this.#list(listInvocations.parse(body));
      case 'DescribeInstanceInformation':
        return this.#describe(describeNodes.parse(body));
      default:
        throw new Refusal('InvalidAction', `${action} is not known here`);
    }
  }

  #send(command: SentCommand): object {
    const content = this.#documents.get(command.DocumentName);
    if (content === undefined) throw new Refusal('InvalidDocument');
    if (JSON.stringify([content, command.Parameters]).length > 65_536)
      throw new Refusal('MaxDocumentSizeExceeded');
    if (command.InstanceIds.some((id) => !this.#nodes.has(id))) throw new Refusal('InvalidInstanceId');
    const script = scriptOf(content, command);
    const commandId = `command-${this.sent.push(command)}`;
    for (const instanceId of command.InstanceIds) {
      this.#invocations.push({ commandId, instanceId, outcome: this.#run(instanceId, script) });
    }
    return { Command: { CommandId: commandId } };
  }

  async #run(instanceId: string, script: string): Promise<Shown> {
    const host = this.#nodes.get(instanceId);
    const instead = this.instead.get(instanceId) ?? (host ? undefined : 'DeliveryTimedOut');
    if (host === undefined || instead !== undefined)
      return { ...NOTHING, StatusDetails: instead ?? 'Undeliverable' };
    if (this.deliverTwice) await runScript(script, host);
    const { exitCode, stdout, stderr } = await runScript(script, host);
    return {
      StatusDetails: exitCode === 0 ? 'Success' : 'Failed',
      ResponseCode: exitCode,
      StandardOutputContent: this.mangle(stdout),
      StandardErrorContent:
        exitCode === 0 ? stderr : `${stderr}failed to run commands: exit status ${exitCode}`,
    };
  }

  /** Waits for the script: how long it takes does not matter to these tests. */
  async #get({ CommandId, InstanceId }: z.output<typeof getInvocation>): Promise<object> {
    const found = this.#invocations.find(
      (each) => each.commandId === CommandId && each.instanceId === InstanceId,
    );
    if (found === undefined || this.forgetfulReads-- > 0) throw new Refusal('InvocationDoesNotExist');
    return { CommandId, InstanceId, ...(await found.outcome) };
  }

  async #list({ CommandId, MaxResults, NextToken }: z.output<typeof listInvocations>): Promise<object> {
    const all = this.#invocations.filter(({ commandId }) => commandId === CommandId);
    const first = Number(NextToken ?? 0);
    const next = first + Math.min(MaxResults, this.pageSize);
    const page = all.slice(first, next).map(async ({ instanceId, outcome }) => ({
      InstanceId: instanceId,
      StatusDetails: (await outcome).StatusDetails,
    }));
    return {
      CommandInvocations: await Promise.all(page),
      ...(next < all.length && { NextToken: String(next) }),
    };
  }

  #describe({ Filters, NextToken }: z.output<typeof describeNodes>): object {
    const page = Number(NextToken ?? 0);
    if (page < this.emptyPages) return { InstanceInformationList: [], NextToken: String(page + 1) };
    const asked = Filters.flatMap(({ Values }) => Values);
    const known = asked.filter((id) => this.#nodes.has(id));
    const list = known.map((id) => ({
      InstanceId: id,
      PingStatus: this.#nodes.get(id) ? 'Online' : 'ConnectionLost',
    }));
    return { InstanceInformationList: list };
  }
}

function scriptOf(content: DocumentContent, command: SentCommand): string {
  const parameters = Object.entries(command.Parameters).map(([name, [value]]) => [name, value]);
  try {
    return renderScript(content, Object.fromEntries(parameters));
  } catch (error) {
    throw new Refusal('InvalidParameters', error instanceof Error ? error.message : 'InvalidParameters');
  }
}

function serverFault(error: unknown): Fault {
  return { code: 'ValidationException', message: error instanceof Error ? error.message : String(error) };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
