/** All mutants. */
import { coreMutants } from './core-mutants.ts';
import { evidenceMutants } from './evidence-mutants.ts';
import type { Mutant } from './mutant.ts';
import { setbackMutants } from './setback-mutants.ts';
import { shellMutants } from './shell-mutants.ts';
import { stateMutants } from './state-mutants.ts';

export const mutants: readonly Mutant[] = [
  ...coreMutants,
  ...evidenceMutants,
  ...setbackMutants,
  ...shellMutants,
  ...stateMutants,
];
