/** The farm as a whole: schedule, memory, what people have ordered, what rests. */
import { unsupportedSteps } from '../capacity/demand.ts';
import { orderInWords, subjectInWords } from '../reason/orders.ts';
import { about, bad, badBy, doubtful, good } from './finding.ts';
import type { Examined, Finding, Said } from './finding.ts';

/** List price of gp3 in us-east-1 (AWS price list, 2026). */
const DOLLARS_A_GIB_MONTH = 0.08;
/** This many periods without a tick mean that the schedule is broken. */
const MISSED_TICKS = 3;

export function examineFarm(examined: Examined): readonly Finding[] {
  return [
    ...about('schedule', schedule(examined)),
    ...about('last tick', ...lastTick(examined)),
    ...about('this look', ...trouble(examined)),
    ...stopped(examined),
    ...about('state table', ...memory(examined)),
    ...about('observeOnly', mode(examined)),
    ...about('orders', ...orders(examined)),
    ...resting(examined),
    ...about('queue', ...uncovered(examined)),
  ];
}

function schedule({ config, observation: { state, now } }: Examined): Said {
  const { lastTickAt } = state.farm;
  const period = Math.ceil(config.schedulePeriodSeconds / 60);
  if (config.observeOnly) return good('ticks remember nothing while observeOnly is set');
  if (lastTickAt === undefined)
    return doubtful('no tick has run yet', `wait ${period} min, or send {"tick": true}`);
  const minutes = Math.round((now - lastTickAt) / 60);
  return now - lastTickAt <= MISSED_TICKS * config.schedulePeriodSeconds
    ? good(`the last tick was ${minutes} min ago, one is due every ${period} min`)
    : bad(
        `the last tick was ${minutes} min ago, one is due every ${period} min`,
        'see whether the EventBridge schedule is enabled, and read the newest message in the failed-invocations queue',
      );
}

/** What a tick met is known; everything else looked at here only guesses why. */
function lastTick({ lastProblems }: Examined): readonly Said[] {
  const otherwise = 'see what else is found here; the journal tells since when it has been so';
  return (lastProblems ?? []).map((problem) => badBy(problem, otherwise));
}

/** What this look itself met, unless the last tick had told of it already. */
function trouble({ plan, lastProblems = [] }: Examined): readonly Said[] {
  return plan.problems
    .filter(({ says }) => !lastProblems.some((known) => known.says === says))
    .map((problem) => badBy(problem, 'see what else is found here'));
}

/** Such as `2 machines of x86_64-linux are stopped; …`. They cost no machine hours, so that nothing else tells of them. */
function stopped({ observation: { state } }: Examined): readonly Finding[] {
  const machines = state.machines.filter(({ phase }) => phase === 'stopped');
  return [...Map.groupBy(machines, ({ type }) => type)].flatMap(([type, { length }]) =>
    about(
      `disks of ${type}`,
      good(
        `${length} stopped ${length === 1 ? 'machine keeps its disk' : 'machines keep their disks'}, which AWS bills day and night: ` +
          `about $${DOLLARS_A_GIB_MONTH} a month for each GiB of gp3 (us-east-1), $${100 * DOLLARS_A_GIB_MONTH} for 100 GiB`,
      ),
    ),
  );
}

function memory({ observation: { state } }: Examined): readonly Said[] {
  return (state.unreadable ?? []).map(({ key, problem }) =>
    bad(
      `the record ${key} cannot be read: ${problem}`,
      'if this is not a newer version’s record, delete the item; its machine is adopted again by its tags',
    ),
  );
}

function mode({ config }: Examined): Said | undefined {
  if (!config.observeOnly) return undefined;
  return doubtful(
    'the farm is only watched: nothing is launched, ended or written',
    'when the plans look right, set observeOnly to false and deploy',
  );
}

function orders({ observation: { state, now } }: Examined): readonly Said[] {
  return (state.orders ?? []).flatMap((order) => {
    if (order.kind === 'retry') return [];
    const end = order.kind === 'pause' ? 'resume' : 'release';
    return doubtful(
      `${subjectInWords(order)} is ${orderInWords(order, now)}`,
      `end it with "${end}" when it is no longer meant`,
    );
  });
}

function resting({ observation: { state, now } }: Examined): readonly Finding[] {
  return state.farm.backOffs
    .filter(({ until }) => until > now)
    .flatMap(({ type, reason, until }) =>
      about(
        `launches of ${type}`,
        doubtful(
          `${reason}; tried again in ${Math.ceil((until - now) / 60)} min`,
          'if this lasts: more instanceTypes, more subnets, or another market',
        ),
      ),
    );
}

/** What other builders of that Hydra take is no business of ours. */
function uncovered({ plan, observation }: Examined): readonly Said[] {
  if (unsupportedSteps(observation.queue, plan.demand) === 0) return [];
  return plan.demand.uncovered.map(({ key, runnable }) =>
    doubtful(
      `${runnable} runnable steps of ${key}, which no machine type covers`,
      `ask {"explain": {"system": …, "features": […]}} what is missing`,
    ),
  );
}
