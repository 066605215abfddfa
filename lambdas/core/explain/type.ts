/** Why a machine type has as many machines as it has. */
import type { BackOff } from '../model/index.ts';
import { count, eachCounted } from '../text/count.ts';
import { typeFor } from '../capacity/covering.ts';
import { floorInWords } from '../reason/orders.ts';
import { machinesOf, whyThere } from './machines.ts';
import type { MachineOfType } from './machines.ts';
import type { TypeDemand } from '../capacity/demand.ts';
import { moneyInWords, moneyOf } from '../plan/money.ts';
import { stillRequested } from '../capacity/taken.ts';
import { reasonsFor, spanInWords, untrustedWords, verdictOn } from './explanation.ts';
import { prospectsInWords } from './prospects.ts';
import { targetInWords } from './target.ts';
import type { Explanation, Grounds } from './explanation.ts';

/** @param demand the plan's demand of that type. */
export function explainType(grounds: Grounds, demand: TypeDemand): Explanation {
  const { key } = demand.type;
  const machines = machinesOf(grounds, key);
  const phases = eachCounted(machines.map(({ phase }) => phase));
  const has = phases === '' ? 'no machines' : `${count(machines.length, 'machine')} (${phases})`;
  return {
    answer: `${key} has ${has} and is allowed ${demand.allowed}; the next round would: ${verdictOn(grounds, key)}`,
    because: [
      ...untrustedWords(grounds),
      // No trust, floors and the count of phases are explained at more length here.
      ...reasonsFor(grounds, key, 'untrusted-status', 'manual-floor', 'phases'),
      ...targetInWords(demand),
      ...prospectsInWords(demand),
      ...whyThere(grounds, machines),
      ...costWords(grounds, machines),
      ...stepsCounted(grounds, key),
      ...requestsOf(grounds, key),
      ...restsOf(grounds, demand),
      ...floorsOf(grounds, key),
    ],
  };
}

function costWords(
  { config, observation: { state } }: Grounds,
  machines: readonly MachineOfType[],
): readonly string[] {
  const records = machines.map(({ planned }) => planned.machine);
  const cost = moneyInWords(moneyOf(records, config.machineTypes, state.prices));
  return cost === undefined ? [] : [cost];
}

/** Which steps of the queue count for the type. */
function stepsCounted({ config, observation: { queue } }: Grounds, key: string): readonly string[] {
  const { demand = [], hostSystem } = queue;
  const kinds = demand
    .filter((step) => typeFor(config.machineTypes, step, hostSystem)?.key === key)
    .filter(({ runnable, running }) => runnable + running > 0)
    .map((step) => `${step.key}: ${step.runnable} runnable, ${step.running} running`);
  return kinds.length === 0 ? [] : [`steps that count for it: ${kinds.join('; ')}`];
}

function requestsOf({ plan, observation }: Grounds, key: string): readonly string[] {
  return observation.state.launches
    .filter(({ type }) => type === key)
    .map((launch) => ({ launch, open: stillRequested(launch, plan.planned) }))
    .filter(({ open }) => open > 0)
    .map(
      ({ launch, open }) =>
        `launch ${launch.id} was asked for ${spanInWords(observation.now - launch.requestedAt)} ago and ${count(open, 'machine')} of it are not there yet`,
    );
}

function restsOf({ plan, observation: { now } }: Grounds, { type }: TypeDemand): readonly string[] {
  return plan.farm.backOffs
    .filter((rest) => rest.type === type.key && rest.until > now)
    .map((rest) => `${scopeInWords(rest)} rests for ${spanInWords(rest.until - now)} more: ${rest.reason}`);
}

function scopeInWords({ pool, market }: BackOff): string {
  if (pool !== undefined)
    return `${pool.instanceType || 'whatever fits'} (${pool.market}${pool.subnet === '' ? '' : `, ${pool.subnet}`})`;
  return market === undefined ? 'it' : `everything ${market === 'spot' ? 'on spot' : 'on demand'}`;
}

function floorsOf({ observation: { state, now } }: Grounds, key: string): readonly string[] {
  return state.floors.filter(({ type }) => type === key).map((floor) => floorInWords(floor, now));
}
