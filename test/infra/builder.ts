/** Builders to render user data for, and the AWS a machine sees: its metadata service, and services by one address. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { userData } from '../../infra/builders/user-data.ts';
import type { QueueRunners, Registration } from '../../infra/builders/user-data.ts';
import { readDeployment } from '../../infra/read-deployment.ts';
import type { BuilderType } from '../../infra/deployment.ts';
import { configFile, example } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';
import type { ScratchRoot } from './scratch-root.ts';

export const QUEUE_RUNNER_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA hydra';
export const TABLE = 'state';
export const FARM = 'test-farm';
export const INSTANCE = 'i-0123456789abcdef0';

export const CACHIX = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-cachix-1.7';
/** Settings of a builder that uses all there is. */
export const everything: Record<string, Json> = {
  swapGiB: 16,
  buildDirectory: 'memory',
  substituters: ['https://nix-cache.s3.amazonaws.com', 'https://cache.nixos.org', 'https://mine.cachix.org'],
  trustedPublicKeys: ['mine.cachix.org-1:WDIQqZ8R4l5WcJv3a0b9m7tYkL2xN6uEhGfDsApOi1U='],
  upload: {
    to: 'cachix:mine',
    secret: 'arn:aws:ssm:eu-central-1:123456789012:parameter/token',
    program: CACHIX,
  },
};

/** A builder of the machine type `key`. @param settings `deploy.builder` as written. */
export function builderOf(
  key: string,
  settings: Record<string, Json> = {},
  type: Record<string, Json> = {},
): BuilderType {
  const base = example();
  const written = {
    ...base,
    systemTypes: { [key]: type },
    deploy: { ...(base['deploy'] as JsonObject), builder: settings },
  };
  const [builder] = readDeployment(configFile(written)).builders;
  if (builder === undefined) throw new Error('the configuration has no builder');
  return builder;
}

export const TOKEN_ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:token-AbCdEf';
/** How to register with a Rust queue runner. */
export const REGISTRATION: Registration = {
  address: 'http://10.0.0.5:50051',
  token: TOKEN_ARN,
  builderParameter: 'the-builder',
};
/** Either queue runner may be in force at a boot. */
export const BOTH: QueueRunners = { key: { line: QUEUE_RUNNER_KEY }, registration: REGISTRATION };

/** The user data of a machine type of x86_64-linux. */
export function render(
  settings: Record<string, Json> = {},
  type: Record<string, Json> = {},
  queueRunners: QueueRunners = { key: { line: QUEUE_RUNNER_KEY } },
  usesKmsKeys = false,
): string {
  const builder = builderOf('x86_64-linux', settings, type);
  return userData({ builder, farm: FARM, stateTable: TABLE, queueRunners, usesKmsKeys });
}

/** What a packed script, of which user data may have one, is unpacked to by the machine. */
export function unpacked(text: string): string {
  const [, packed = ''] =
    /base64 -d <<'HYDRA_AUTOSCALER_END' \| gzip -dc\n(.*?)\nHYDRA_AUTOSCALER_END/s.exec(text) ?? [];
  return gunzipSync(Buffer.from(packed, 'base64')).toString();
}

/** What a NixOS image has that the scripts use, as far as it matters. */
export function nixosImage(root: ScratchRoot): void {
  for (const name of ['mkswap', 'swapon', 'mount', 'mkfs.ext4', 'systemctl']) root.program(name);
  root.program('fallocate', 'for file; do :; done; : >"$file"');
  root.program('nproc', 'echo 8');
  // A user without rights finds the metadata service refused, as curl says it.
  root.program('setpriv', 'exit 7');
  root.program('ip6tables', '[ "$1" = -C ]');
  root.program(
    'iptables',
    `[ "$1" != -C ] || grep -q -x -e "-I \${*#-C }" '${root.path}/rules' 2>/dev/null; code=$?
[ "$1" != -I ] || printf '%s\\n' "$*" >>'${root.path}/rules'; exit $code`,
  );
  root.write('run/current-system/sw/bin/nix-store', '', 0o755);
  root.program('nix-store');
  root.write('etc/static/nix/nix.conf', 'sandbox = true\n');
  root.write('var/empty', '');
  root.write('proc/swaps', 'Filename\n');
  root.write('proc/mounts', '/dev/root / ext4 rw 0 0\n');
  root.write('proc/uptime', '30.00 50.00\n');
  root.write('proc/self/comm', 'sh\n');
}

export interface MachineAws {
  /** Environment that leads the scripts here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests to services, by their target. */
  readonly targets: string[];
  stop(): Promise<void>;
}

/** @param service answers a service call: its target and body to a JSON text, or undefined to refuse. */
export async function startMachineAws(
  service: (target: string, body: string, headers: IncomingMessage['headers']) => string | undefined,
): Promise<MachineAws> {
  const targets: string[] = [];
  const metadata: Readonly<Record<string, string>> = {
    'placement/region': 'eu-central-1',
    'services/domain': 'amazonaws.com',
    'instance-id': INSTANCE,
    'iam/security-credentials/': 'builder-role',
    'iam/security-credentials/builder-role': JSON.stringify(
      { Code: 'Success', AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: 'se/cr+et', Token: 'session==' },
      undefined,
      2,
    ),
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').replace('/latest/meta-data/', '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/latest/api/token')
      return void response.end(request.method === 'PUT' ? 'token' : '');
    if (
      request.method === 'GET' &&
      request.headers['x-aws-ec2-metadata-token'] === 'token' &&
      path in metadata
    )
      return void response.end(metadata[path]);
    const target = String(request.headers['x-amz-target'] ?? '');
    targets.push(target);
    const text = service(target, Buffer.concat(chunks).toString(), request.headers);
    response.statusCode = text === undefined ? 400 : 200;
    response.end(text ?? '{}');
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: { HYDRA_BUILDER_IMDS: url, HYDRA_BUILDER_AWS: url },
    targets,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
