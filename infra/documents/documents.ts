/**
 * The SSM documents as data. Each is one shell script put together from parts; the parts are plain .sh files, so that
 * shellcheck and every editor can read them.
 */
import { readFileSync } from 'node:fs';
import { DOCUMENTS, type DocumentContract, type DocumentKey } from '../../lambdas/hydra/documents.ts';
import { type CommonDocument, type DocumentedFarm, farmConstants } from './constants.ts';

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
  watch: 'watch',
  inspect: 'inspect',
  askMachine: 'ask-machine',
  gate: 'gate',
  askBuilder: 'ask-builder',
};

export const DOCUMENT_KEYS = Object.keys(DOCUMENT_BASE_NAMES) as readonly DocumentKey[];

const PARTS: Readonly<Record<DocumentKey, readonly string[]>> = {
  observe: [
    'common',
    'checksum',
    'observe-parameters',
    'limited',
    'as-user',
    'runner-process',
    'probe',
    'status',
    'payload',
    'host-system',
    'place',
    'rest',
    'runner-settings',
    'database',
    'required',
    'demand',
    'held',
    'evaluations',
    'observe-rust',
    'observe',
  ],
  fetch: ['common', 'checksum', 'fetch'],
  publish: ['common', 'checksum', 'place', 'publish'],
  watch: [
    'common',
    'watch-parameters',
    'watch-one',
    'limited',
    'as-user',
    'status',
    'rest',
    'watch-status',
    'runner-process',
    'runner-settings',
    'database',
    'watch-evaluations',
    'watch',
  ],
  inspect: [
    'common',
    'limited',
    'as-user',
    'runner-process',
    'access',
    'rest',
    'runner-settings',
    'inspect-rust',
    'inspect',
  ],
  askMachine: ['common', 'ask-machine'],
  gate: ['common', 'gate-state', 'gate'],
  askBuilder: ['common', 'gate-state', 'ask-builder'],
};

/** The script of a document with its comments, before parameters are put in. */
export function documentScript(key: CommonDocument): string;
export function documentScript(key: DocumentKey, farm: DocumentedFarm): string;
export function documentScript(key: DocumentKey, farm?: DocumentedFarm): string {
  return scriptOf(key, farm);
}

function scriptOf(key: DocumentKey, farm: DocumentedFarm | undefined): string {
  const [common = '', ...parts] = PARTS[key].map((part) =>
    readFileSync(new URL(`${part}.sh`, import.meta.url), 'utf8'),
  );
  return [common, farmConstants(key, farm), ...parts].join('');
}

/** The document. Comments stay behind: document and parameters share 64 KB, and agents keep every script for two weeks. */
export function documentContent(key: CommonDocument): DocumentContent;
export function documentContent(key: DocumentKey, farm: DocumentedFarm): DocumentContent;
export function documentContent(key: DocumentKey, farm?: DocumentedFarm): DocumentContent {
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
        inputs: { timeoutSeconds: String(executionSeconds), runCommand: commandLines(scriptOf(key, farm)) },
      },
    ],
  };
}

const commandLines = (script: string): string[] =>
  script.split('\n').filter((line) => !/^\s*(#|$)/.test(line));

/** How many bytes a document and its parameters have at most, when all of these are as long as they may be. */
export function longestCommandBytes(key: DocumentKey, farm: DocumentedFarm): number {
  const { parameters }: DocumentContract = DOCUMENTS[key];
  const longest = Object.entries(parameters).map(([name, { maxChars }]) => [name, ['x'.repeat(maxChars)]]);
  const texts = [documentContent(key, farm), Object.fromEntries(longest)];
  return Buffer.byteLength(texts.map((text) => JSON.stringify(text)).join(''));
}
