/**
 * From what the Rust queue runner answered to a queue status: parsed, and judged whether anything may be concluded from
 * it. In doubt it is untrusted, and says what to do.
 */
import type { QueueStatus, UntrustedStatus } from '../../core/model/index.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import { MAX_AGE_SECONDS, MIN_UPTIME_SECONDS, untrusted } from '../trust.ts';
import type { RustAnswer } from './answer.ts';
import { contentOf } from './status-content.ts';
import type { StatusContent } from './status-content.ts';
import { readPrinted } from './status-schema.ts';

/** curl: nobody listens; and: no answer in time. */
const REFUSED = 7;
const TIMED_OUT = 28;

/** The judgement, and what the answer says where it says anything, believed or not. */
export interface StatusReading {
  readonly status: QueueStatus;
  readonly content?: StatusContent;
}

/** Never throws: whatever cannot be believed is an untrusted status. */
export function readQueueStatus(answer: RustAnswer): StatusReading {
  const printed = readPrinted(answer.statusText);
  if (printed.kind === 'up') {
    const content = contentOf(printed.status, answer);
    return { status: judge(content, answer), content };
  }
  if (answer.curl.exit !== 0 || answer.curl.http !== 200) return { status: unanswered(answer) };
  if (printed.kind === 'unreadable')
    return { status: unreadable(answer, `the status cannot be read: ${printed.problem}`) };
  return { status: other(answer, printed.object, printed.problems) };
}

function unanswered({ rest, curl: { exit, http }, unit, statusText }: RustAnswer): UntrustedStatus {
  const log = 'read journalctl -u hydra-queue-runner';
  if (exit === REFUSED)
    return untrusted('down', {
      says: `nothing listens at ${rest}: the queue runner is not running, or listens elsewhere`,
      remedy: `systemctl start hydra-queue-runner, or set host.restUrl to where its REST interface is`,
    });
  if (exit === TIMED_OUT)
    return untrusted('down', {
      says:
        unit === undefined
          ? `${rest} takes connections and does not answer`
          : `${rest} takes connections and does not answer: ${unit} holds the port while the queue runner is down or hangs`,
      remedy: `${log}, and restart hydra-queue-runner`,
    });
  if (exit !== 0)
    return untrusted('failed', {
      says: `${rest}/status could not be asked: curl ended with ${exit}`,
      remedy: 'see that curl is on the Hydra host, and host.restUrl',
    });
  return untrusted('failed', {
    says: `${rest}/status answered with HTTP ${http}: ${excerpt(statusText, 60)}`,
    remedy: `look whether host.restUrl is the queue runner’s own REST interface, and ${log}`,
  });
}

const unreadable = ({ rest }: RustAnswer, says: string): UntrustedStatus =>
  untrusted('unreadable', {
    says,
    remedy: `look at ${rest}/status: host.restUrl must be the queue runner’s own REST interface`,
  });

/** A JSON object that is not a status of a running Rust queue runner. */
function other(answer: RustAnswer, object: object, problems: readonly string[]): UntrustedStatus {
  if ('status' in object && object.status === 'unknown')
    return untrusted('stale', {
      says: 'Hydra’s web server answers there, and does not know the status',
      remedy:
        'set host.restUrl to the queue runner’s own REST interface; that the web server shows the status takes queue_runner_endpoint in hydra.conf',
    });
  return unreadable(answer, `the status has an unknown shape: ${problems.join('; ')}`);
}

/** A well-formed status of a runner that answered. */
function judge(content: StatusContent, answer: RustAnswer): QueueStatus {
  const age = answer.hostNow - content.at;
  // Negated so that a clock that is not a number counts as stale.
  if (!(Math.abs(age) <= MAX_AGE_SECONDS)) {
    const when = age < 0 ? 'ahead of' : 'behind';
    return untrusted('stale', {
      says: `the status is ${Math.round(Math.abs(age))} s ${when} the host’s clock (at most ${MAX_AGE_SECONDS} s is believed)`,
      remedy: 'look whether something caches the queue runner’s answers, and set the clock right',
    });
  }
  const { hostSystem } = answer;
  const known = { demand: content.demand, buildsQueued: content.buildsQueued, hostSystem };
  const uptime = content.at - content.runnerStartedAt;
  if (content.checksFinished === 0)
    return untrusted('restarted', {
      says: `the queue runner started ${Math.round(uptime)} s ago and has not read its queue yet`,
      remedy: 'none; with ten thousands of builds that takes minutes',
    });
  const silence = databaseSilence(content, answer);
  if (silence !== undefined) return silence;
  if (uptime < MIN_UPTIME_SECONDS)
    return {
      ...untrusted('restarted', {
        says: `the queue runner started only ${Math.round(uptime)} s ago, and builders are still coming back to it`,
        remedy: `none; it is believed from ${MIN_UPTIME_SECONDS} s on`,
      }),
      ...known,
    };
  if (content.machinesTotal !== content.machines.size)
    return { ...untrusted('stale', hiddenMachines(content)), ...known };
  return trusted(content, hostSystem);
}

/**
 * The status is made from memory, and stays as it was when the database is gone
 * (measured: docs/develop/facts.md#the-status-of-the-rust-runner-does-not-need-the-database).
 */
function databaseSilence(
  { machines }: StatusContent,
  { activeHttp, unfinished, databaseProblem, busy }: RustAnswer,
): UntrustedStatus | undefined {
  const jobs = [...machines.values()].reduce((sum, { currentJobs }) => sum + currentJobs, 0);
  const isEmpty = busy.size === 0 && jobs > 0;
  if (activeHttp === 200 && unfinished !== undefined && !isEmpty) return undefined;
  const what =
    activeHttp === 200
      ? `the queue’s database could not be asked${databaseProblem === undefined ? '' : `: ${excerpt(databaseProblem, 200)}`}`
      : `the queue runner cannot ask its database (HTTP ${activeHttp})`;
  return untrusted('stale', {
    says: isEmpty && unfinished !== undefined && activeHttp === 200 ? contradiction(jobs) : what,
    remedy:
      'look whether PostgreSQL runs, and lets root or the queue runner’s user in by psql: what the status shows may be old',
  });
}

const contradiction = (jobs: number): string =>
  `the queue runner shows ${jobs} running ${jobs === 1 ? 'step' : 'steps'}, and its database none`;

const hiddenMachines = ({ machines, machinesTotal }: StatusContent) => ({
  says: `${machinesTotal} builders have joined, and the queue runner shows ${machines.size}: some have one host name, and hide each other`,
  remedy:
    'wait a few minutes: the former connection of a builder that has lost it and dialled in anew goes as soon as it is given up (net.ipv4.tcp_retries2). If it lasts, give each builder a host name of its own (those of this farm are called by their instance ids)',
});

function trusted(content: StatusContent, hostSystem: string): QueueStatus {
  const { at, runnerStartedAt, demand, ignoredKinds, machines, buildsQueued, troubles } = content;
  return {
    trusted: true,
    at,
    runnerStartedAt,
    demand,
    machines,
    buildsQueued,
    ...(ignoredKinds.length > 0 && { ignoredKinds }),
    hostSystem,
    ...(troubles.length > 0 && { troubles }),
  };
}
