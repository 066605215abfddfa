/** Why a machine is in its phase, and what it waits for. */
import { paidSecondsLeft } from '../model/billing.ts';
import type { Instance, Machine } from '../model/index.ts';
import { machineOrder, orderInWords } from '../reason/orders.ts';
import { decisionOn, spanInWords, untrustedWords, wordsOf } from './explanation.ts';
import type { Explanation, Grounds } from './explanation.ts';

export function explainMachine(grounds: Grounds, instanceId: string): Explanation {
  const { observation, plan } = grounds;
  const instance = observation.instances.find((other) => other.instanceId === instanceId);
  const before = observation.state.machines.find((other) => other.instanceId === instanceId);
  const after = plan.machines.find((other) => other.instanceId === instanceId);
  const { verdict, reasons } = decisionOn(grounds, instanceId);
  if (after === undefined) {
    const known = verdict === '' ? 'EC2 shows no such instance of ours, and none is remembered' : verdict;
    return {
      answer: `${instanceId}: ${known}`,
      because: reasons.length === 0 ? ['an instance belongs to the farm by its tag alone'] : wordsOf(reasons),
    };
  }
  const since =
    before === undefined ? 'just adopted' : `for ${spanInWords(observation.now - before.phaseSince)}`;
  const { phase = after.phase } = before ?? {};
  const next = verdict === phase ? 'stays as it is' : verdict;
  return {
    answer: `${instanceId} (${after.type}) is ${phase}, ${since}; in the next round: ${next}`,
    because: [
      ...wordsOf(reasons),
      ...orderOf(grounds, instanceId),
      ...(after.phase === 'draining' || after.phase === 'ready' ? untrustedWords(grounds) : []),
      ...seenBy(grounds, after),
      ...instanceWords(grounds, after, instance),
      ...evidence(grounds, before ?? after),
    ],
  };
}

function orderOf({ observation: { state, now } }: Grounds, instanceId: string): readonly string[] {
  const order = machineOrder(state.orders, instanceId);
  return order === undefined ? [] : [`a person's order: ${orderInWords(order, now)}`];
}

/** The queue runner's view. */
function seenBy({ observation: { queue } }: Grounds, { address }: Machine): readonly string[] {
  if (!queue.trusted || address === undefined) return [];
  const seen = queue.machines.get(address);
  if (seen === undefined) return [`the queue runner does not know ${address}`];
  const idle = seen.idleSince === undefined ? '' : `, idle for ${spanInWords(queue.at - seen.idleSince)}`;
  const disabled =
    seen.disabledUntil !== undefined && seen.disabledUntil > queue.at
      ? `, disabled for ${spanInWords(seen.disabledUntil - queue.at)} more after ${seen.consecutiveFailures} failures`
      : '';
  return [
    `the queue runner has it ${seen.offered ? 'listed' : 'not listed'} with ${seen.currentJobs} running steps${idle}${disabled}`,
  ];
}

function instanceWords(
  { observation: { now } }: Grounds,
  { billing, interrupted: remembered }: Machine,
  instance: Instance | undefined,
): readonly string[] {
  if (instance === undefined) return ['EC2 does not show it (yet, or any more)'];
  const { state, instanceType, market, startedAt, interrupted, address } = instance;
  const left = paidSecondsLeft(billing, startedAt, now);
  const paid = left > 0 ? `; its hour is paid for ${spanInWords(left)} more` : '';
  const taken = (interrupted ?? remembered) ? '; AWS has announced that it takes it' : '';
  return [`EC2: ${state} ${instanceType ?? ''} (${market}) at ${address ?? 'no address'}${taken}${paid}`];
}

/** How far its drain has come: each proof with its age. */
function evidence({ observation: { now } }: Grounds, { drain }: Machine): readonly string[] {
  if (drain === undefined) return [];
  const ago = (at: number | undefined): string =>
    at === undefined ? 'not yet' : `${spanInWords(now - at)} ago`;
  return [
    `its drain (${drain.reason}): off the machines file ${ago(drain.withdrawn?.at)}, knownWithdrawn ${ago(drain.knownWithdrawn?.at)}, ` +
      `first seen quiet ${ago(drain.quiet?.at)}, everything copied back ${ago(drain.clear?.at)}`,
  ];
}
