/** How the Rust queue runner is set up, as far as builders that come and go depend on it. */
import { about, bad, doubtful, good } from '../../../core/doctor/finding.ts';
import type { Examined, Finding, Said } from '../../../core/doctor/finding.ts';
import type { RustInspection } from './inspection.ts';

/** What the queue runner takes where nothing is set, in seconds. */
const DEFAULT_UNSUPPORTED_SECONDS = 120;
const DEFAULT_DISPATCH_SECONDS = 120;
/** From nothing to a first machine takes minutes; AWS may have none for hours. */
const ENOUGH_UNSUPPORTED_SECONDS = 86_400;
/** Fewer are not enough for one boot. */
const LEAST_UNSUPPORTED_SECONDS = 3600;
const GOOD_DISPATCH_SECONDS = 30;
/** With 8 tries a builder that vanished is noticed after 121 s, with Linux's 15 after 964 s. */
const GOOD_TCP_RETRIES = 8;

const LOOPBACK = /^(127\.|\[::1\]|localhost)/;

export const examineSettings = (
  { config: { host } }: Examined,
  inspection: RustInspection,
): readonly Finding[] => [
  ...about('maxUnsupportedTimeInS', unsupported(inspection)),
  ...about('dispatchTriggerTimerInS', dispatch(inspection)),
  ...about('who may join', ...joining(inspection)),
  ...about('REST interface', rest(inspection)),
  ...about('gRPC interface', grpc(inspection, host.queueRunnerAddr)),
  ...about('net.ipv4.tcp_retries2', vanishing(inspection)),
  ...about('queue_runner_endpoint', web(inspection)),
];

function unsupported({ settings: { unsupportedSeconds: set, path } }: RustInspection): Said | undefined {
  if (set === 'unknown') return undefined;
  const seconds = set === 'unset' ? DEFAULT_UNSUPPORTED_SECONDS : set;
  if (seconds >= ENOUGH_UNSUPPORTED_SECONDS) return good(`steps wait ${seconds} s for a machine that fits`);
  const says = `steps are failed after ${seconds} s without a machine that fits${set === 'unset' ? ', which is the default' : ''}`;
  const remedy = `set it to ${ENOUGH_UNSUPPORTED_SECONDS} in ${path} (services.hydra.queueRunner.settings)`;
  return seconds < LEAST_UNSUPPORTED_SECONDS ? bad(says, remedy) : doubtful(says, remedy);
}

function dispatch({ settings: { dispatchSeconds: set, path } }: RustInspection): Said | undefined {
  if (set === 'unknown') return undefined;
  const seconds = set === 'unset' ? DEFAULT_DISPATCH_SECONDS : set;
  const remedy = `set it to 5 in ${path} (services.hydra.queueRunner.settings)`;
  if (seconds < 0)
    return bad('a builder that is opened waits until something else wakes the dispatcher', remedy);
  return seconds <= GOOD_DISPATCH_SECONDS
    ? good(`a builder that is opened gets work within ${seconds} s`)
    : doubtful(`a builder that is opened waits up to ${seconds} s for work`, remedy);
}

/** One file that cannot be read turns all of this off, and whoever joins may put outputs into the cache. */
function joining({ tokens, asksCertificate }: RustInspection): readonly Said[] {
  const useless = tokens.filter(({ access, isFilled }) => access !== 'readable' || !isFilled);
  if (useless.length > 0)
    return useless.map(({ path, access, isFilled }) =>
      bad(
        `the token file ${path} is ${access === 'readable' && !isFilled ? 'empty' : access}: with one such file builders are let in without any token`,
        'let the user of the queue runner read it, or take it out of tokenPaths, and restart the queue runner',
      ),
    );
  if (tokens.length > 0) return [good(`builders need one of ${tokens.length} tokens`)];
  if (asksCertificate === true) return [good('builders need a certificate')];
  return [
    bad(
      'whoever reaches its port may join, be given builds and put outputs into the cache',
      'set tokenPaths (services.hydra.queueRunner.settings), and deploy.queueRunnerToken for the builders, or mtls',
    ),
  ];
}

function rest({ listens }: RustInspection): Said | undefined {
  const open = listens.rest.filter((address) => !LOOPBACK.test(address));
  if (listens.rest.length === 0) return undefined;
  return open.length === 0
    ? good(`it listens at ${listens.rest.join(', ')} only`)
    : bad(
        `it listens at ${open.join(', ')}, and whoever reaches it may start builds, asked for nothing`,
        'set services.hydra.queueRunner.rest.address to [::1]',
      );
}

/** With TLS a web server stands before it, and may well reach it by the loopback. */
function grpc({ listens }: RustInspection, address: string | undefined): Said | undefined {
  if (listens.grpc.length === 0 || address === undefined || address.startsWith('https:')) return undefined;
  return listens.grpc.every((place) => LOOPBACK.test(place))
    ? bad(
        `it listens at ${listens.grpc.join(', ')} only, where no builder reaches it`,
        'set services.hydra.queueRunner.grpc.address to [::], and let nobody but builders through to it',
      )
    : good(`it listens at ${listens.grpc.join(', ')}`);
}

function vanishing({ tcpRetries }: RustInspection): Said | undefined {
  if (tcpRetries === undefined) return undefined;
  return tcpRetries <= GOOD_TCP_RETRIES
    ? good('a builder that vanishes is noticed within two minutes')
    : doubtful(
        'a builder that vanishes keeps its steps for a quarter of an hour',
        `set net.ipv4.tcp_retries2 to ${GOOD_TCP_RETRIES} (boot.kernel.sysctl)`,
      );
}

const web = ({ web: { endpoint, path } }: RustInspection): Said | undefined =>
  endpoint === 'unset'
    ? doubtful(
        'Hydra’s pages show the queue runner’s status as unknown',
        `add queue_runner_endpoint = http://[::1]:8080 to ${path} (services.hydra.extraConfig)`,
      )
    : undefined;
