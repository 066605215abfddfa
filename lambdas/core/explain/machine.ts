/** Why a machine is in its phase, and what it waits for. */
import { paidSecondsLeft } from '../model/billing.ts';
import type { Planned } from '../life/planned.ts';
import type { EpochSeconds, Machine } from '../model/index.ts';
import { moneyOf } from '../plan/money.ts';
import { dollars } from '../text/dollars.ts';
import { orderInWords } from '../reason/orders.ts';
import { reasonsFor, spanInWords, untrustedWords, verdictOn } from './explanation.ts';
import type { Explanation, Grounds } from './explanation.ts';

export function explainMachine(grounds: Grounds, instanceId: string): Explanation {
  const { state, now } = grounds.observation;
  const planned = grounds.plan.planned.find(({ machine }) => machine.instanceId === instanceId);
  const verdict = verdictOn(grounds, instanceId);
  const reasons = reasonsFor(grounds, instanceId);
  if (planned === undefined) {
    const known = verdict === '' ? 'EC2 shows no such instance of ours, and none is remembered' : verdict;
    return {
      answer: `${instanceId}: ${known}`,
      because: reasons.length === 0 ? ['an instance belongs to the farm by its tag alone'] : reasons,
    };
  }
  const { machine: after, order } = planned;
  const before = state.machines.find((other) => other.instanceId === instanceId);
  const since = before === undefined ? 'just adopted' : `for ${spanInWords(now - before.phaseSince)}`;
  const { phase = after.phase } = before ?? {};
  const next = verdict === phase ? 'stays as it is' : verdict;
  return {
    answer: `${instanceId} (${after.type}) is ${phase}, ${since}; in the next round: ${next}`,
    because: [
      ...reasons,
      ...(order === undefined ? [] : [`a person's order: ${orderInWords(order, now)}`]),
      ...(after.phase === 'draining' || after.phase === 'ready' ? untrustedWords(grounds) : []),
      ...seenBy(grounds, planned),
      ...instanceWords(planned, now),
      ...costWords(grounds, after),
      ...evidence(before ?? after, now),
    ],
  };
}

/** The queue runner's view. */
function seenBy({ observation: { queue } }: Grounds, { seen }: Planned): readonly string[] {
  if (!queue.trusted) return [];
  if (seen === undefined) return ['the queue runner does not show it'];
  const idle = seen.idleSince === undefined ? '' : `, idle for ${spanInWords(queue.at - seen.idleSince)}`;
  const disabled =
    seen.disabledUntil !== undefined && seen.disabledUntil > queue.at
      ? `, disabled for ${spanInWords(seen.disabledUntil - queue.at)} more after ${seen.consecutiveFailures} failures`
      : '';
  return [
    `the queue runner has it ${seen.offered ? 'offered' : 'not offered'} with ${seen.currentJobs} running steps${idle}${disabled}`,
  ];
}

function instanceWords({ machine, instance }: Planned, now: EpochSeconds): readonly string[] {
  if (instance === undefined) return ['EC2 does not show it (yet, or any more)'];
  const { state, instanceType, market, startedAt, interrupted, address } = instance;
  const left = paidSecondsLeft(machine.billing, startedAt, now);
  const paid = left > 0 ? `; its hour is paid for ${spanInWords(left)} more` : '';
  const taken = (interrupted ?? machine.interrupted) ? '; AWS has announced that it takes it' : '';
  return [`EC2: ${state} ${instanceType ?? ''} (${market}) at ${address ?? 'no address'}${taken}${paid}`];
}

/** What it costs, or why that is not known; nothing of one that AWS does not bill. */
function costWords({ config, observation: { state } }: Grounds, machine: Machine): readonly string[] {
  const {
    machines,
    unpriced,
    dollarsPerHour,
    why = '',
  } = moneyOf([machine], config.machineTypes, state.prices);
  if (machines === 0) return [];
  return [
    unpriced > 0 ? `what it costs is not known: ${why}` : `it costs ${dollars(dollarsPerHour)} an hour`,
  ];
}

/** How far its drain has come: each proof with its age. */
function evidence({ drain }: Machine, now: EpochSeconds): readonly string[] {
  if (drain === undefined) return [];
  const ago = (at: number | undefined): string =>
    at === undefined ? 'not yet' : `${spanInWords(now - at)} ago`;
  return [
    `its drain (${drain.reason}): withdrawn ${ago(drain.withdrawn?.at)}, known to the queue runner ${ago(drain.knownWithdrawn?.at)}, ` +
      `first seen quiet ${ago(drain.quiet?.at)}, everything copied back ${ago(drain.clear?.at)}`,
  ];
}
