/** Documents: named, versioned, one of them AWS's own. */
import { createHash } from 'node:crypto';
import type { EpochSeconds } from '../../../../lambdas/core/model/index.ts';
import { RegionError } from '../errors.ts';
import type { Tags } from '../launch-parameters.ts';
import { parseDocumentContent, type DocumentContent } from './document-content.ts';

export interface DocumentVersion {
  readonly number: number;
  readonly text: string;
  readonly content: DocumentContent;
  /** SHA-256 of the text, lower-case hex. */
  readonly hash: string;
  readonly createdAt: EpochSeconds;
}

export interface Document {
  readonly name: string;
  readonly owner: string;
  readonly targetType: string;
  readonly tags: Tags;
  readonly versions: readonly DocumentVersion[];
  readonly defaultVersion: number;
}

const NAME = /^[a-zA-Z0-9_\-.]{3,128}$/;
const RESERVED_PREFIXES = /^(aws|amazon|amzn|AWSEC2|AWSConfigRemediation|AWSSupport)/i;
/** Document and parameters together must stay below this. */
export const DOCUMENT_BYTES_MAX = 65_536;

const RUN_SHELL_SCRIPT = JSON.stringify({
  schemaVersion: '2.2',
  description: 'Run a shell script or specify the commands to run.',
  parameters: {
    commands: {
      type: 'StringList',
      description: 'The commands to run.',
      minItems: 1,
      displayType: 'textarea',
    },
    workingDirectory: { type: 'String', default: '', description: 'Where to run them.' },
    executionTimeout: {
      type: 'String',
      default: '3600',
      description: 'Seconds after which a command is failed.',
      allowedPattern: '([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)',
    },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'runShellScript',
      inputs: {
        timeoutSeconds: '{{ executionTimeout }}',
        workingDirectory: '{{ workingDirectory }}',
        runCommand: '{{ commands }}',
      },
    },
  ],
});

interface NewDocument {
  readonly name: string;
  readonly owner: string;
  readonly targetType?: string | undefined;
  readonly tags?: Tags | undefined;
}

export class Documents {
  readonly #accountId: string;
  readonly #byName = new Map<string, Document>();

  constructor(accountId: string, now: EpochSeconds) {
    this.#accountId = accountId;
    this.#put({ name: 'AWS-RunShellScript', owner: 'Amazon' }, RUN_SHELL_SCRIPT, now);
  }

  get all(): readonly Document[] {
    return [...this.#byName.values()];
  }

  /** @throws RegionError for a bad name, a taken one, or bad content */
  create(
    name: string,
    text: string,
    now: EpochSeconds,
    details: { readonly targetType?: string | undefined; readonly tags?: Tags | undefined } = {},
  ): Document {
    if (!NAME.test(name) || RESERVED_PREFIXES.test(name)) {
      throw new RegionError(
        'ValidationException',
        `Document name '${name}' is malformed or begins with a reserved prefix.`,
      );
    }
    if (this.#byName.has(name)) {
      throw new RegionError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
    }
    return this.#put({ name, owner: this.#accountId, ...details }, text, now);
  }

  /** Adds a version; commands that name none keep getting the default one. */
  update(name: string, text: string, now: EpochSeconds): Document {
    const document = this.#requireOwn(name);
    const version = makeVersion(text, document.versions.length + 1, now);
    if (document.versions.some(({ hash }) => hash === version.hash)) {
      throw new RegionError(
        'DuplicateDocumentContent',
        'The content of the document equals an earlier version.',
      );
    }
    return this.#set({ ...document, versions: [...document.versions, version] });
  }

  setDefaultVersion(name: string, version: string): Document {
    const document = this.#requireOwn(name);
    return this.#set({ ...document, defaultVersion: this.version(document, version).number });
  }

  setTags(name: string, tags: Tags): void {
    this.#set({ ...this.#requireOwn(name), tags });
  }

  delete(name: string): void {
    this.#requireOwn(name);
    this.#byName.delete(name);
  }

  /** @throws RegionError `InvalidDocument` */
  require(name: string): Document {
    const document = this.#byName.get(name);
    if (document !== undefined) return document;
    throw new RegionError('InvalidDocument', `Document with name ${name} does not exist.`);
  }

  /** `$DEFAULT` when absent. @throws RegionError `InvalidDocumentVersion` */
  version(document: Document, asked = '$DEFAULT'): DocumentVersion {
    const number =
      asked === '$DEFAULT'
        ? document.defaultVersion
        : asked === '$LATEST'
          ? document.versions.length
          : Number(asked);
    const version = document.versions.find((candidate) => candidate.number === number);
    if (version !== undefined) return version;
    throw new RegionError(
      'InvalidDocumentVersion',
      `Document version ${asked} is not valid for ${document.name}.`,
    );
  }

  #requireOwn(name: string): Document {
    const document = this.require(name);
    if (document.owner === this.#accountId) return document;
    throw new RegionError('InvalidDocumentOperation', `Document ${name} belongs to ${document.owner}.`);
  }

  #put({ name, owner, targetType = '', tags = {} }: NewDocument, text: string, now: EpochSeconds): Document {
    const versions = [makeVersion(text, 1, now)];
    return this.#set({ name, owner, targetType, tags, versions, defaultVersion: 1 });
  }

  #set(document: Document): Document {
    this.#byName.set(document.name, document);
    return document;
  }
}

function makeVersion(text: string, number: number, createdAt: EpochSeconds): DocumentVersion {
  if (Buffer.byteLength(text) > DOCUMENT_BYTES_MAX) {
    throw new RegionError('MaxDocumentSizeExceeded', `A document is limited to ${DOCUMENT_BYTES_MAX} bytes.`);
  }
  const hash = createHash('sha256').update(text).digest('hex');
  return { number, text, content: parseDocumentContent(text), hash, createdAt };
}
