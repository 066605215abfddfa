/**
 * From what `hydra-queue-runner --status` printed to a queue status: parsed, and judged whether anything may be
 * concluded from it. In doubt it is untrusted, and says what to do.
 */
import type { EpochSeconds, QueueStatus, UntrustedStatus } from '../../core/model/index.ts';
import { inContext } from '../../core/reason/problem.ts';
import { MAX_AGE_SECONDS, MIN_UPTIME_SECONDS, untrusted } from '../trust.ts';
import { explainFailure, isRustUsageError } from './command-failure.ts';
import { contentOf, type StatusContent } from './status-content.ts';
import { readPrinted } from './status-schema.ts';

/** What came back from the status command. */
export interface StatusAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr?: string;
  /** Program and arguments that gave it: what is to be done about a failure depends on them. */
  readonly command?: readonly string[];
  /** The Hydra host's clock when the command ended. */
  readonly hostNow: EpochSeconds;
  /** The Hydra host's Nix system, such as `x86_64-linux`, if known. */
  readonly hostSystem?: string;
}

/** The judgement, and what the answer says where it says anything, believed or not. */
export interface StatusReading {
  readonly status: QueueStatus;
  readonly content?: StatusContent;
}

/** The queue status in an answer. Never throws: whatever cannot be believed is an untrusted status. */
export function parseQueueStatus(answer: StatusAnswer): QueueStatus {
  return readQueueStatus(answer).status;
}

/** As {@link parseQueueStatus}, with what an untrusted answer says, for people. Never throws. */
export function readQueueStatus(answer: StatusAnswer): StatusReading {
  const printed = readPrinted(answer.stdout);
  if (printed.kind === 'up') {
    const content = contentOf(printed.status);
    return { status: answer.exitCode === 0 ? judge(content, answer) : hung(content, answer), content };
  }
  if (answer.exitCode !== 0) return { status: failed(answer) };
  if (printed.kind === 'other') return { status: judgeOther(printed.object, printed.problems) };
  return { status: unreadable(`the status cannot be read: ${printed.problem}`) };
}

function unreadable(says: string): UntrustedStatus {
  const remedy = 'host.statusCommand must print the output of hydra-queue-runner --status and nothing else';
  return untrusted('unreadable', { says, remedy });
}

/**
 * A hung or killed queue runner leaves its last "up" behind
 * (measured: docs/develop/facts.md#a-status-takes-five-seconds-at-most).
 */
function hung(content: StatusContent, answer: StatusAnswer): UntrustedStatus {
  const age = Math.round(answer.hostNow - content.at);
  const why = explainFailure({ stderr: '', ...answer });
  return untrusted(
    'stale',
    inContext(`the queue runner hangs or was killed; this is what it said ${age} s ago`, why),
  );
}

function failed(answer: StatusAnswer): UntrustedStatus {
  return isRustUsageError(answer.stderr ?? '')
    ? silentRust()
    : untrusted('failed', explainFailure({ stderr: '', ...answer }));
}

function silentRust(): UntrustedStatus {
  return untrusted('unsupported', {
    says: 'this is the Rust queue runner, and its REST interface did not answer',
    remedy:
      'see that hydra-queue-runner runs, that host.restUrl is where its REST interface listens, and that host.runner does not say "cpp"',
  });
}

/** A JSON object that is not a status of a running C++ queue runner. */
function judgeOther(printed: object, problems: readonly string[]): UntrustedStatus {
  if ('queueRunner' in printed) return silentRust();
  if ('status' in printed && printed.status === 'down') {
    return untrusted('down', {
      says: 'the queue runner is not running',
      remedy: 'systemctl start hydra-queue-runner',
    });
  }
  if ('status' in printed && printed.status === 'unknown') {
    return untrusted('stale', {
      says: 'Hydra’s web server does not know the status: the queue runner does not answer it',
      remedy: 'look at the queue runner’s log and restart it',
    });
  }
  return unreadable(`the status has an unknown shape: ${problems.join('; ')}`);
}

/** A well-formed status of a runner that answered. */
function judge(content: StatusContent, answer: StatusAnswer): QueueStatus {
  const age = answer.hostNow - content.at;
  // Negated so that a clock that is not a number counts as stale.
  if (!(Math.abs(age) <= MAX_AGE_SECONDS)) {
    const when = age < 0 ? 'ahead of' : 'behind';
    return untrusted('stale', {
      says: `the status is ${Math.round(Math.abs(age))} s ${when} the host’s clock (at most ${MAX_AGE_SECONDS} s is believed)`,
      remedy: 'look whether the queue runner hangs; if it runs on another host, set both clocks right',
    });
  }
  const uptime = content.at - content.runnerStartedAt;
  if (uptime < MIN_UPTIME_SECONDS) {
    const says = `the queue runner started only ${Math.round(uptime)} s ago and does not know its queue and machines yet`;
    const remedy = `none; it is believed from ${MIN_UPTIME_SECONDS} s on`;
    const { hostSystem } = answer;
    const { demand, buildsQueued } = content;
    return {
      ...untrusted('restarted', { says, remedy }),
      demand,
      ...(buildsQueued !== undefined && { buildsQueued }),
      ...(hostSystem !== undefined && { hostSystem }),
    };
  }
  if (content.demandHidden) {
    return untrusted('unsupported', {
      says: 'the queue runner has runnable steps but does not say for which systems, as those of February to June 2023',
      remedy: 'update Hydra',
    });
  }
  return trusted(content, answer.hostSystem);
}

function trusted(content: StatusContent, hostSystem: string | undefined): QueueStatus {
  const {
    at,
    runnerStartedAt,
    demand,
    ignoredKinds,
    machines,
    stepsFinishing,
    stepsUnsupported,
    buildsQueued,
  } = content;
  return {
    trusted: true,
    at,
    runnerStartedAt,
    demand,
    machines,
    ...(stepsFinishing !== undefined && { stepsFinishing }),
    ...(stepsUnsupported !== undefined && { stepsUnsupported }),
    ...(buildsQueued !== undefined && { buildsQueued }),
    ...(ignoredKinds.length > 0 && { ignoredKinds }),
    ...(hostSystem !== undefined && { hostSystem }),
  };
}
