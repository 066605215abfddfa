/**
 * What a machine is told at its first boot. NixOS images run user data that begins with `#!` as a shell script; anything
 * else would be taken for a NixOS configuration and rebuilt from, which takes minutes and much memory.
 */
import { Token } from 'aws-cdk-lib';
import { readFileSync } from 'node:fs';
import { systemsOf } from '../../lambdas/core/config/machine-type.ts';
import { is32BitArm, PSEUDO_FEATURES } from '../../lambdas/core/config/systems.ts';
import type { BuilderType } from '../deployment.ts';
import { asHereDocument, asPackedScript, refuseOversized, withoutComments } from '../user-data-text.ts';

/** The queue runner’s public key, or the name of the SSM parameter its host puts it into. */
export type QueueRunnerKey = { readonly line: string } | { readonly parameter: string };

/** How machines register with the Rust queue runner. */
export interface Registration {
  /** Where it takes builders in, such as https://hydra.example.org:443. */
  readonly address: string;
  /** ARN of the secret or parameter with the token. */
  readonly token: string;
  /** Name of the SSM parameter in which its host says which hydra-builder it has. */
  readonly builderParameter: string;
}

/** The queue runners a machine may find in force at its boot, of which it then serves one. */
export interface QueueRunners {
  /** The key of the C++ one. */
  readonly key?: QueueRunnerKey;
  /** How to register with the Rust one. */
  readonly registration?: Registration;
}

export interface UserDataProps {
  readonly builder: BuilderType;
  /** The farm's tag. */
  readonly farm: string;
  /** Name of the state table, where a machine sees that the autoscaler lives and wants it, and which queue runner there is. */
  readonly stateTable: string;
  readonly queueRunners: QueueRunners;
  /** Whether the machine's role may use KMS keys of the user's. */
  readonly usesKmsKeys?: boolean;
}

/** @throws RangeError when it is larger than EC2 takes, or a value could end its quotes. */
export function userData({ builder, farm, stateTable, queueRunners, usesKmsKeys }: UserDataProps): string {
  const { type, settings } = builder;
  const script = setupScript({
    farm,
    state_table: stateTable,
    ...settingsOfQueueRunners(builder, queueRunners),
    ssh_user: type.sshUser,
    ssh_port: String(type.sshPort),
    max_jobs: String(type.maxJobs),
    system_features: offeredFeatures(builder).join(' '),
    // Nix adds what an x86_64 processor runs by itself, but not 32-bit ARM, which not all ARM processors run.
    arm32: type.systems.filter(is32BitArm).join(' '),
    dead_man_minutes: String(settings.deadManMinutes),
    swap_gib: String(settings.swapGiB),
    build_directory: settings.buildDirectory,
    substituters: substitutersOf(settings).join(' '),
    trusted_public_keys: settings.trustedPublicKeys.join(' '),
    role_may: roleMay(settings, queueRunners, usesKmsKeys === true).join(' and '),
    upload_to: settings.upload?.to ?? '',
    upload_secret: settings.upload?.secret ?? '',
    upload_signing_key: settings.upload?.signingKey ?? '',
    upload_program: settings.upload?.program ?? '',
  });
  return refuseOversized(type.key, script);
}

function whichIsServed({ key, registration }: QueueRunners): 'cpp' | 'rust' | 'auto' {
  if (registration === undefined) return 'cpp';
  return key === undefined ? 'rust' : 'auto';
}

function settingsOfQueueRunners(
  { type }: BuilderType,
  queueRunners: QueueRunners,
): Readonly<Record<string, string>> {
  const { key, registration } = queueRunners;
  return {
    queue_runner: whichIsServed(queueRunners),
    queue_runner_key: key !== undefined && 'line' in key ? key.line : '',
    queue_runner_key_parameter: key !== undefined && 'parameter' in key ? key.parameter : '',
    ...(registration && {
      queue_runner_addr: registration.address,
      queue_runner_token: registration.token,
      builder_parameter: registration.builderParameter,
      speed_factor: String(type.speedFactor),
      // A list of TOML looks as one of JSON does.
      systems: JSON.stringify(systemsOf(type)),
      mandatory_features: JSON.stringify(type.features.filter((feature) => !PSEUDO_FEATURES.has(feature))),
    }),
  };
}

const NIXOS_CACHE = 'https://cache.nixos.org';

const substitutersOf = ({ substituters, nixosCache }: BuilderType['settings']): readonly string[] =>
  nixosCache ? [...new Set([...substituters, NIXOS_CACHE])] : substituters;

/** What the machine's role may do beyond what every machine's may, in words: a build that could take it would have that. */
function roleMay(
  { upload, substituters }: BuilderType['settings'],
  { registration }: QueueRunners,
  usesKmsKeys: boolean,
): string[] {
  const writes = upload?.to.startsWith('s3://') === true;
  const reads = substituters.some((store) => store.startsWith('s3://'));
  return [
    // Whoever has it may hand outputs to the queue runner.
    ...(registration === undefined ? [] : ['read the token of the queue runner']),
    ...(upload === undefined ? [] : ['read the upload secret']),
    ...(writes ? ['write to the cache'] : []),
    ...(reads ? ['read private caches'] : []),
    ...(usesKmsKeys ? ['use keys of KMS'] : []),
  ];
}

/** kvm is left out: the machine adds it itself if it has /dev/kvm. */
const offeredFeatures = ({ type }: BuilderType): string[] =>
  [...new Set([...type.features, ...type.supportedFeatures])].filter(
    (feature) => feature !== 'kvm' && !PSEUDO_FEATURES.has(feature),
  );

const DIRECTORY = '/run/hydra-autoscaler';
const OUR_DIRECTORY = `"\${HYDRA_AUTOSCALER_ROOT:-}${DIRECTORY}`;
const LOAD_BASE = `. ${OUR_DIRECTORY}/base"\n`;

/** The settings stand in the open, as some are known only when the stack is deployed; all else is packed. */
function setupScript(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quoted(name, value)}\n`);
  return [
    '#!/bin/sh\numask 077\n',
    // NixOS gives services few programs; gzip is not one of them.
    'PATH=$PATH:/run/current-system/sw/bin\n',
    `state=${OUR_DIRECTORY}"\nmkdir -p "$state"\n`,
    asHereDocument('$state/settings', lines.join('')),
    asPackedScript(machineScript(settings)),
  ].join('');
}

/** Writes what machines run later, then sets the machine up. */
function machineScript(settings: Readonly<Record<string, string>>): string {
  const registers = settings['queue_runner'] !== 'cpp';
  const files: Readonly<Record<string, string>> = {
    base: documentPart('common') + `. ${OUR_DIRECTORY}/settings"\n` + part('aws-call') + part('heard'),
    'ask-machine': LOAD_BASE + documentPart('ask-machine'),
    'dead-man': LOAD_BASE + part('dead-man'),
    ...(settings['upload_to'] !== '' && { upload: `#!/bin/sh\n${LOAD_BASE}${part('upload')}` }),
    ...(registers && { 'before-start': LOAD_BASE + part('secret') + part('before-start') }),
  };
  return [
    ...Object.entries(files).map(([name, text]) => asHereDocument(`$state/${name}`, short(text))),
    'chmod 700 "$state"/*\n',
    LOAD_BASE,
    isUsualLogin(settings) ? '' : short(part('login')),
    registers ? short(part('register')) : '',
    short(part('secret') + part('upload-secret') + part('setup')),
  ].join('');
}

/** User data is short, so what few need is told to few. */
const isUsualLogin = ({ ssh_user, ssh_port }: Readonly<Record<string, string>>): boolean =>
  ssh_user === 'root' && ssh_port === '22';

/** As short as it may be: no string in these scripts goes over several lines. */
const short = (text: string): string => withoutComments(text).replaceAll(/^ +/gm, '');

const documentPart = (name: string): string =>
  readFileSync(new URL(`../documents/${name}.sh`, import.meta.url), 'utf8');

const part = (name: string): string => readFileSync(new URL(`${name}.sh`, import.meta.url), 'utf8');

function quoted(name: string, value: string): string {
  if (/['\n]/.test(value) && !Token.isUnresolved(value))
    throw new RangeError(`${name} may hold no quote and no line break: ${value}`);
  return `'${value}'`;
}
