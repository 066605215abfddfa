/** What the document `inspect` would find out on the simulated host of a Rust queue runner. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { RustInspection } from '../../../lambdas/hydra/rust/doctor/inspection.ts';
import type { RustHydra } from '../rust-runner/rust-hydra.ts';

const SETTINGS = '/etc/hydra/queue-runner.toml';
const TOKEN = '/run/keys/hydra-token';
const SERVICE = 'hydra-queue-runner.service';
const REST_SOCKET = 'hydra-queue-runner-rest.socket';
const PROGRAM = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hydra-queue-runner-0.1.0/bin/hydra-queue-runner';
/** Builders reach it from outside. */
const GRPC = '[::]:50051';
/** The numbers of tries of Linux, and of the handbook, and up to when, in seconds, a peer is given up with the latter. */
const MANY_RETRIES = 15;
const FEW_RETRIES = 8;
const FEW_RETRIES_SECONDS = 121;

export function rustSurroundings(
  { runner, tokenAccess }: Pick<RustHydra, 'runner' | 'tokenAccess'>,
  { host }: Pick<Config, 'host'>,
): RustInspection {
  const { settings, running } = runner;
  const { hasSocketUnit, tcpGiveUpSeconds } = settings;
  return {
    source: running ? 'process' : 'unit',
    user: 'hydra-queue-runner',
    program: PROGRAM,
    storePath: PROGRAM.split('/').slice(0, 4).join('/'),
    units: [
      { name: SERVICE, state: running ? 'active' : 'inactive' },
      ...(hasSocketUnit ? [{ name: REST_SOCKET, state: 'active' }] : []),
    ],
    listens: {
      rest: running || hasSocketUnit ? [host.restUrl.replace('http://', '')] : [],
      grpc: running ? [GRPC] : [],
    },
    settings: {
      path: SETTINGS,
      access: 'readable',
      unsupportedSeconds: settings.maxUnsupportedTimeSeconds,
      dispatchSeconds: settings.dispatchTriggerSeconds,
    },
    tokens: tokenAccess === undefined ? [] : [{ path: TOKEN, access: tokenAccess, isFilled: true }],
    asksCertificate: false,
    tcpRetries: tcpGiveUpSeconds > FEW_RETRIES_SECONDS ? MANY_RETRIES : FEW_RETRIES,
    web: { path: '/var/lib/hydra/hydra.conf', endpoint: host.restUrl },
    builders: new Map(),
  };
}
