/** Synthesises stacks for tests: from a configuration as written, without bundling and without an account. */
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoscalerStack } from '../../infra/autoscaler-stack.ts';
import type { AutoscalerStackProps } from '../../infra/autoscaler-stack.ts';

const ROOT = join(import.meta.dirname, '../..');
export const EXAMPLE = join(ROOT, 'examples/nixos-host/autoscaler.json');

export type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json };
export type JsonObject = Exclude<Json, Json[] | string | number | boolean | null>;

const directory = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-infra-'));

const files = new Map<string, string>();

/** Writes a configuration into a file of its own: the same one for the same configuration. */
export function configFile(config: unknown): string {
  const text = JSON.stringify(config);
  const file = files.get(text) ?? join(directory, `config-${files.size + 1}.json`);
  files.set(text, file);
  writeFileSync(file, text);
  return file;
}

const read = (file: string): Record<string, Json> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, Json>;

/** The example configuration with a host, a source and a key of somebody’s, to be changed. */
export function example(): Record<string, Json> {
  const written = read(EXAMPLE);
  return {
    ...written,
    host: { ...(written['host'] as JsonObject), instanceId: 'i-0a1b2c3d4e5f60718' },
    deploy: {
      ...(written['deploy'] as JsonObject),
      hydraSource: 'sg-0a1b2c3d4e5f60718',
      queueRunnerKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG1pbmUgYW5kIG5vYm9keSBlbHNlJ3MgYnV0IG1p hydra',
    },
  };
}

/** The example with a Hydra of its own. */
export const exampleWithHydra = (): Record<string, Json> =>
  read(join(ROOT, 'examples/no-hydra-yet/autoscaler.json'));

/** What cdk.json tells the CDK; apps made in tests do not read it by themselves. */
const context = (): Record<string, unknown> =>
  (JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> }).context;

export interface SynthOptions {
  /** As written; without it, the example with the values of somebody's. */
  readonly config?: unknown;
  /** Check with cdk-nag and the CDK's CloudFormation rules; slow. */
  readonly validate?: boolean;
  /** Bundle the functions; slow. */
  readonly bundle?: boolean;
  readonly props?: Partial<AutoscalerStackProps>;
  /** What else stands in the context of cdk.json. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export function makeStack({
  config = example(),
  validate = false,
  bundle = false,
  props,
  context: further = {},
}: SynthOptions = {}): AutoscalerStack {
  const app = new App({
    context: {
      ...context(),
      ...further,
      '@aws-cdk/core:validateAgainstDefaultRules': validate,
      'aws:cdk:bundling-stacks': bundle ? ['**'] : [],
    },
  });
  if (validate) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return new AutoscalerStack(app, 'hydra-autoscaler', {
    farm: configFile(config),
    ...props,
  });
}

/** @throws with every finding when validation is asked for and finds something. */
export const synth = (options: SynthOptions = {}): Template => Template.fromStack(makeStack(options));

/** Resources of one type, by logical id. */
export const resources = (template: Template, type: string): Record<string, JsonObject> =>
  template.findResources(type) as Record<string, JsonObject>;

/** A configuration that uses everything the stack can make. */
export function fullConfig(): Record<string, Json> {
  const base = example();
  return {
    ...base,
    schedule: 'rate(1 minute)',
    host: { instanceId: 'mi-0a1b2c3d4e5f60718' },
    systemTypes: {
      ...(base['systemTypes'] as JsonObject),
      'x86_64-linux:kvm': {
        instanceTypes: ['m8i.4xlarge'],
        subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        image: { id: 'ami-0123456789abcdef0' },
      },
      'i686-linux': {
        launchTemplate: 'mine',
        image: { owner: 'self', name: 'builder-*' },
        market: 'spot',
        instanceRequirements: { vCpus: { min: 8, max: 16 }, memoryGiB: { min: 16 } },
      },
    },
    deploy: {
      ...(base['deploy'] as JsonObject),
      notify: 'ops@example.org',
      machineHoursPerDay: 240,
      dollarsPerDay: 50,
      reservedConcurrency: 1,
      templateRoles: ['arn:aws:iam::123456789012:role/my-builder'],
      tags: { CostCenter: 'ci' },
      encryptionKey: 'arn:aws:kms:eu-central-1:123456789012:key/9f8e7d6c-1111-2222-3333-444455556666',
      kmsKeys: ['arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666'],
      builder: {
        substituters: ['https://cache.nixos.org', 's3://private?region=eu-central-1&priority=30'],
        upload: {
          to: 's3://cache?region=eu-central-1',
          secret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:nix-key-AbCdEf',
        },
      },
      builders: { 'x86_64-linux:kvm': { nestedVirtualization: true, diskGiB: 200 } },
    },
  };
}
