/** One API action: what of its input it honours, and what it does. */
import type { Region } from '../region/region.ts';
import { notSimulated } from '../region/errors.ts';
import type { CallCost } from '../region/throttle.ts';
import { isRecord } from './codec/wrong-output.ts';

export interface ActionDefinition<Input, Output> {
  /** Members of the input that mean something here. Any other that AWS knows is refused, never ignored. */
  readonly honours: readonly (keyof Input & string)[];
  /** Members that are taken and change nothing here, such as hints about price or placement. */
  readonly ignores?: readonly (keyof Input & string)[];
  /** How much of the request limits a call takes. */
  readonly cost?: (input: Input) => CallCost;
  /** What a dry run tells; the call itself finds it out in `handle`. @throws RegionError */
  readonly check?: (input: Input, region: Region) => void;
  /** @throws RegionError */
  readonly handle: (input: Input, region: Region) => Output;
}

/** An action whose input and output types are known only to its schemas. */
export interface Action {
  readonly cost: (input: unknown) => CallCost;
  /** @throws RegionError for a member that would have to be ignored */
  readonly accept: (input: unknown) => void;
  readonly check: (input: unknown, region: Region) => void;
  readonly handle: (input: unknown, region: Region) => unknown;
}

/**
 * Forgets the types of one action, so that all fit into one table. `Output` is the SDK's output without its metadata.
 * What `handle` gets has been decoded by the schema of `Input`, which is what makes the cast true.
 */
export function defineAction<Input extends object, Output extends object>(
  definition: ActionDefinition<Input, Output>,
): Action {
  const known = new Set<string>([...definition.honours, ...(definition.ignores ?? []), 'DryRun']);
  return {
    cost: (input) => definition.cost?.(input as Input) ?? {},
    accept: (input) => {
      const names = isRecord(input) ? Object.keys(input) : [];
      const unknown = names.find((name) => !known.has(name));
      if (unknown !== undefined) throw notSimulated(`the parameter ${unknown}`);
    },
    check: (input, region) => definition.check?.(input as Input, region),
    handle: (input, region) => definition.handle(input as Input, region),
  };
}

/** An AWS point in time. */
export const toDate = (epochSeconds: number): Date => new Date(epochSeconds * 1000);
