/**
 * The SSM documents as data. Each is one shell script put together from parts; the parts are plain .sh files, so that
 * shellcheck and every editor can read them.
 */
import { readFileSync } from 'node:fs';
import { DOCUMENTS, type DocumentContract, type DocumentKey } from '../../lambdas/adapters/ssm-documents.ts';

/** An SSM command document, schema 2.2, as CreateDocument and CloudFormation take it. */
export interface DocumentContent {
  readonly schemaVersion: '2.2';
  readonly description: string;
  readonly parameters: Readonly<
    Record<
      string,
      {
        readonly type: 'String';
        readonly description: string;
        readonly allowedPattern: string;
        readonly maxChars: number;
        /** Only where the empty value is allowed. */
        readonly default?: '';
      }
    >
  >;
  readonly mainSteps: readonly [
    {
      readonly action: 'aws:runShellScript';
      readonly name: string;
      readonly inputs: { readonly timeoutSeconds: string; readonly runCommand: readonly string[] };
    },
  ];
}

/** What the stack calls each document; the real name has the stack’s own before it. */
export const DOCUMENT_BASE_NAMES: Readonly<Record<DocumentKey, string>> = {
  observe: 'observe',
  fetch: 'fetch',
  publish: 'publish',
  inspect: 'inspect',
  askMachine: 'ask-machine',
};

export const DOCUMENT_KEYS = Object.keys(DOCUMENT_BASE_NAMES) as readonly DocumentKey[];

const PARTS: Readonly<Record<DocumentKey, readonly string[]>> = {
  observe: [
    'common',
    'checksum',
    'observe-parameters',
    'limited',
    'as-user',
    'probe',
    'status',
    'place',
    'observe',
  ],
  fetch: ['common', 'checksum', 'fetch'],
  publish: ['common', 'checksum', 'place', 'publish'],
  inspect: ['common', 'limited', 'as-user', 'runner-process', 'inspect'],
  askMachine: ['common', 'ask-machine'],
};

/** The script of a document with its comments, before parameters are put in. */
export function documentScript(key: DocumentKey): string {
  return PARTS[key].map((part) => readFileSync(new URL(`${part}.sh`, import.meta.url), 'utf8')).join('');
}

/** The document. Comments stay behind: document and parameters share 64 KB, and agents keep every script for two weeks. */
export function documentContent(key: DocumentKey): DocumentContent {
  const { description, executionSeconds, parameters }: DocumentContract = DOCUMENTS[key];
  return {
    schemaVersion: '2.2',
    description,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, parameter]) => [
        name,
        {
          type: 'String',
          ...parameter,
          ...(new RegExp(parameter.allowedPattern).test('') && { default: '' }),
        },
      ]),
    ),
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: key,
        inputs: { timeoutSeconds: String(executionSeconds), runCommand: commandLines(key) },
      },
    ],
  };
}

function commandLines(key: DocumentKey): string[] {
  return documentScript(key)
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line));
}
