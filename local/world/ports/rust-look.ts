/** One look at the simulated host of a Rust queue runner, and the words in which the document `observe` prints it. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { curlExitOf, httpCodeOf } from '../rust-runner/answers.ts';
import type { RestAnswer } from '../rust-runner/answers.ts';
import { drvNameOf } from '../rust-runner/derivations.ts';
import { printedNotice } from '../hydra/evaluations.ts';
import { heldSlots } from '../rust-runner/held-slots.ts';
import { demandOfQueues } from '../rust-runner/queue-demand.ts';
import type { RustRunner } from '../rust-runner/rust-runner.ts';

const REST_UNIT = 'hydra-queue-runner-rest.socket';
/** Of what came instead of a status, in characters. */
const STATUS_EXCERPT = 2000;

/** What the document would find out now. @param host where it asks, and its own clock. */
export function lookAt(
  runner: RustRunner,
  { rest, hostNow, hostSystem }: Pick<RustAnswer, 'rest' | 'hostNow' | 'hostSystem'>,
): RustAnswer {
  const { status, queues, active, busy, spoilt, unfinished } = runner.answers();
  const whole = textOf(queues);
  return {
    ...{ rest, hostNow, hostSystem },
    curl: { exit: curlExitOf(status), http: Number(httpCodeOf(status)) },
    ...(runner.settings.hasSocketUnit && { unit: REST_UNIT }),
    activeHttp: Number(httpCodeOf(active)),
    ...(unfinished === undefined ? { databaseProblem: DATABASE_DOWN } : { unfinished }),
    kinds: whole === '' ? { by: 'systems', why: 'the queue runner does not answer' } : { by: 'features' },
    demand: whole === '' ? [] : demandOfQueues(whole, requiredBy(runner)),
    busy: busy ?? new Map(),
    spoilt: spoilt ?? new Map(),
    held: whole === '' ? new Map() : heldSlots(textOf(status), whole),
    statusText: textOf(status),
  };
}

const DATABASE_DOWN = 'psql: error: connection to server on socket failed: Connection refused';

const textOf = (answer: RestAnswer): string => (answer.kind === 'answered' ? answer.text : '');

/** As the .drv files of the queued builds say. */
function requiredBy({ unfinishedBuilds }: RustRunner): (drvPath: string) => readonly string[] {
  const required = new Map<string, readonly string[]>();
  for (const build of unfinishedBuilds) required.set(drvNameOf(build), build.kind.features);
  return (drvPath) => required.get(drvPath) ?? [];
}

/** What the document prints of a look. */
export function printedLook(look: RustAnswer): string {
  const text = gzipSync(payloadOf(look)).toString('base64');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return [
    'hydra-autoscaler 1 observe-rust',
    `clock ${Math.floor(look.hostNow)}`,
    `system ${look.hostSystem}`,
    `status ${sha256} ${text.length} ${text}`,
    'end\n',
  ].join('\n');
}

const payloadOf = (look: RustAnswer): string =>
  [
    `rest ${look.rest}`,
    `curl ${look.curl.exit} ${String(look.curl.http).padStart(3, '0')}`,
    `unit ${look.unit ?? '-'}`,
    `active ${String(look.activeHttp).padStart(3, '0')}`,
    `unfinished ${look.unfinished ?? '-'}`,
    `database ${wordOf(look.databaseProblem)}`,
    `kinds ${look.kinds.by} ${wordOf(look.kinds.why)}`,
    ...look.demand.map(
      ({ system, features = [], runnable, running }) =>
        `kind ${[system, features.join()].filter((part) => part !== '').join(':')} ${runnable} ${running}`,
    ),
    ...[...look.busy].map(([machine, steps]) => `busy ${wordOf(machine)} ${steps}`),
    ...[...look.spoilt].map(([machine, { steps, lastAt }]) => `spoilt ${wordOf(machine)} ${steps} ${lastAt}`),
    ...[...look.held].map(([machine, slots]) => `held ${machine} ${slots}`),
    ...printedNotice(look.notice),
    `json\n${look.curl.http === 200 ? look.statusText : look.statusText.slice(0, STATUS_EXCERPT)}`,
  ].join('\n');

const wordOf = (text: string | undefined): string =>
  text === undefined || text === '' ? '-' : Buffer.from(text, 'utf8').toString('base64');
