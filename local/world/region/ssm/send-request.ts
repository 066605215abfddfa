/** What SendCommand is asked, and everything it refuses before anything is sent. */
import type { EpochSeconds } from '../../../../lambdas/core/model/index.ts';
import { RegionError } from '../errors.ts';
import type { RegionSettings } from '../settings.ts';
import { DOCUMENT_BYTES_MAX, type Document, type Documents, type DocumentVersion } from './documents.ts';
import type { Nodes } from './nodes.ts';
import { checkParameters, makeScript, type Script } from './script.ts';

export interface Target {
  /** `InstanceIds`, `tag:NAME` or `tag-key`. */
  readonly key: string;
  readonly values: readonly string[];
}

export interface SendRequest {
  readonly documentName: string;
  readonly documentVersion?: string | undefined;
  /** SHA-256 of the document, lower-case hex. */
  readonly documentHash?: string | undefined;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly instanceIds: readonly string[];
  readonly targets: readonly Target[];
  readonly comment?: string | undefined;
  /** For delivery only; the document says how long the script may run. */
  readonly timeoutSeconds?: number | undefined;
}

export interface CheckedSend {
  readonly document: Document;
  readonly version: DocumentVersion;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly instanceIds: readonly string[];
  readonly targets: readonly Target[];
  readonly comment: string;
  readonly timeoutSeconds: number;
  readonly script: Script;
}

export interface Command extends CheckedSend {
  readonly commandId: string;
  readonly requestedAt: EpochSeconds;
}

export interface SendParts {
  readonly documents: Documents;
  readonly nodes: Nodes;
  readonly settings: RegionSettings;
}

const TIMEOUT_SECONDS_DEFAULT = 3600;
const TIMEOUT_SECONDS_MIN = 30;
const TIMEOUT_SECONDS_MAX = 2_592_000;
const COMMENT_LENGTH_MAX = 100;
const INSTANCES_MAX = 50;
const TARGETS_MAX = 5;
/** The first agent that sets `ENV_VAR` parameters in the environment. */
const ENVIRONMENT_AGENT_VERSION = [3, 3, 2746, 0];

/** @throws RegionError under the name SendCommand has for what is wrong */
export function checkSend(parts: SendParts, request: SendRequest): CheckedSend {
  const document = parts.documents.require(request.documentName);
  const version = parts.documents.version(document, request.documentVersion);
  if (request.documentHash !== undefined && request.documentHash !== version.hash) {
    throw new RegionError('InvalidDocument', `The hash of ${document.name} is ${version.hash}.`);
  }
  const { comment = '', timeoutSeconds = TIMEOUT_SECONDS_DEFAULT, parameters, targets } = request;
  checkLimits(request, comment, timeoutSeconds);
  const values = checkParameters(version.content, parameters);
  checkSize(version, parameters);
  const instanceIds = targets.length > 0 ? targetedNodes(parts.nodes, targets) : request.instanceIds;
  checkNodes(parts.nodes, instanceIds);
  const script = makeScript(version.content, values, setsEnvironment(parts.settings.ssmAgentVersion));
  return { document, version, parameters, instanceIds, targets, comment, timeoutSeconds, script };
}

function checkLimits(request: SendRequest, comment: string, timeoutSeconds: number): void {
  const { instanceIds, targets } = request;
  const problems = [
    ...(timeoutSeconds < TIMEOUT_SECONDS_MIN || timeoutSeconds > TIMEOUT_SECONDS_MAX
      ? [`timeoutSeconds must be ${TIMEOUT_SECONDS_MIN} to ${TIMEOUT_SECONDS_MAX}, not ${timeoutSeconds}`]
      : []),
    ...(comment.length > COMMENT_LENGTH_MAX
      ? [`comment is limited to ${COMMENT_LENGTH_MAX} characters`]
      : []),
    ...(instanceIds.length > INSTANCES_MAX
      ? [`instanceIds is limited to ${INSTANCES_MAX}; use targets`]
      : []),
    ...(targets.length > TARGETS_MAX ? [`targets is limited to ${TARGETS_MAX}`] : []),
    ...(instanceIds.length > 0 === targets.length > 0 ? ['give either instanceIds or targets'] : []),
  ];
  if (problems.length > 0) throw new RegionError('ValidationException', problems.join('; '));
  const repeated = instanceIds.find((id, index) => instanceIds.indexOf(id) !== index);
  if (repeated !== undefined) throw new RegionError('DuplicateInstanceId', `${repeated} is given twice.`);
}

function checkSize(version: DocumentVersion, parameters: SendRequest['parameters']): void {
  if (Buffer.byteLength(version.text) + Buffer.byteLength(JSON.stringify(parameters)) < DOCUMENT_BYTES_MAX)
    return;
  throw new RegionError(
    'MaxDocumentSizeExceeded',
    `Document and parameters together must stay below ${DOCUMENT_BYTES_MAX} bytes.`,
  );
}

/** A silent agent the service still believes in is accepted; delivery then times out. */
function checkNodes(nodes: Nodes, instanceIds: readonly string[]): void {
  const bad = instanceIds.filter((id) => (nodes.find(id)?.agent ?? 'lost') === 'lost');
  if (bad.length === 0) return;
  throw new RegionError(
    'InvalidInstanceId',
    `Instances [[${bad.join(', ')}]] not in a valid state for account`,
  );
}

function targetedNodes(nodes: Nodes, targets: readonly Target[]): readonly string[] {
  const isMeant = (node: ReturnType<Nodes['find']>, { key, values }: Target): boolean => {
    if (node === undefined) return false;
    if (key === 'InstanceIds') return values.includes(node.instanceId);
    if (key === 'tag-key') return values.some((name) => name in node.tags);
    if (key.startsWith('tag:')) return values.includes(node.tags[key.slice('tag:'.length)] ?? '\0');
    throw new RegionError(
      'InvalidTarget',
      `Target key ${key} is not simulated; use InstanceIds, tag:NAME or tag-key.`,
    );
  };
  return nodes.all
    .filter((node) => node.agent !== 'lost' && targets.every((target) => isMeant(node, target)))
    .map(({ instanceId }) => instanceId);
}

function setsEnvironment(agentVersion: string): boolean {
  const parts = agentVersion.split('.').map(Number);
  const difference = ENVIRONMENT_AGENT_VERSION.map((part, index) => (parts[index] ?? 0) - part);
  return (difference.find((part) => part !== 0) ?? 0) >= 0;
}
