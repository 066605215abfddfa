/** Calls that AWS refuses on purpose, for as long as that is so: all of one action, or those about some machines. */
import type { Random } from '../random.ts';
import { RegionError } from './errors.ts';
import type { Instances } from './instances.ts';
import { covers, placeOf } from './selector.ts';
import type { Placed, Selector } from './selector.ts';

export interface RefusedCall {
  /** AWS's name of the action. */
  readonly action: string;
  readonly code: string;
  readonly message?: string;
  /** Which machines a call must be about; any call when absent. */
  readonly of?: Selector;
  /** Part of the calls it strikes, 0 to 1; all when absent. */
  readonly share?: number;
}

/** What AWS says of its commonest refusals; it does not name the call. */
const MESSAGES: Readonly<Record<string, string>> = {
  UnauthorizedOperation: 'You are not authorized to perform this operation.',
  AccessDeniedException: 'User is not authorized to perform this operation with an explicit deny.',
  InsufficientInstanceCapacity: 'There is no Spot or On-Demand capacity available that matches your request.',
  InvalidFleetConfiguration:
    'Your requested instance type is not supported in your requested Availability Zone.',
  InvalidParameterValue: 'The value of a parameter is invalid.',
  'AuthFailure.ServiceLinkedRoleCreationNotPermitted':
    'The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.',
};

/** An instant fleet answers pool by pool, so what it is refused is decided there. */
const BY_POOL = 'CreateFleet';

export class Refusals {
  readonly #random: Random;
  readonly #instances: Instances;
  readonly #calls = new Set<RefusedCall>();

  constructor(random: Random, instances: Instances) {
    this.#random = random;
    this.#instances = instances;
  }

  /** From now on. Returns how to end it. */
  add(call: RefusedCall): () => void {
    const own = { ...call };
    this.#calls.add(own);
    return () => this.#calls.delete(own);
  }

  /** Why this call as a whole is refused; undefined when it is not. */
  ofCall(action: string, input: unknown): RegionError | undefined {
    const isMeant = ({ of }: RefusedCall): boolean => {
      if (of === undefined) return true;
      return action !== BY_POOL && this.#named(input).some((machine) => covers(of, machine));
    };
    const struck = this.#struck(action, isMeant)[0];
    return struck && errorOf(struck);
  }

  /** Draws for one fleet; returns why it gets nothing from a pool, undefined where it may. */
  ofPools(): (pool: Placed) => RegionError | undefined {
    const struck = this.#struck(BY_POOL, ({ of }) => of !== undefined);
    return (pool) => {
      const found = struck.find(({ of = {} }) => covers(of, pool));
      return found && errorOf(found);
    };
  }

  #struck(action: string, isMeant: (call: RefusedCall) => boolean): readonly RefusedCall[] {
    return [...this.#calls].filter(
      (call) => call.action === action && isMeant(call) && this.#random.chance(call.share ?? 1),
    );
  }

  /** The machines a call names. */
  #named(input: unknown): readonly Placed[] {
    return idsIn(input).flatMap((id) => {
      const instance = this.#instances.find(id);
      return instance === undefined ? [] : [placeOf(instance)];
    });
  }
}

const errorOf = ({ code, message }: RefusedCall): RegionError =>
  new RegionError(code, message ?? MESSAGES[code] ?? `The request was refused (${code}).`);

interface Naming {
  readonly InstanceIds?: unknown;
  readonly InstanceId?: unknown;
  readonly Filters?: unknown;
}

/** Ids in the members that EC2 and SSM have for them, filters included. */
function idsIn(input: unknown): readonly string[] {
  if (typeof input !== 'object' || input === null) return [];
  const { InstanceIds, InstanceId, Filters }: Naming = input;
  const filtered = listOf(Filters).flatMap((filter) =>
    typeof filter === 'object' && filter !== null && 'Values' in filter ? listOf(filter.Values) : [],
  );
  return [...listOf(InstanceIds), InstanceId, ...filtered].filter((id) => typeof id === 'string');
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
