/** All mutants. */
import { coreMutants } from './core-mutants.ts';
import { evidenceMutants } from './evidence-mutants.ts';
import { infraMutants } from './infra-mutants.ts';
import { moneyMutants } from './money-mutants.ts';
import type { Mutant } from './mutant.ts';
import { rustHostMutants } from './rust-host-mutants.ts';
import { rustLifeMutants } from './rust-life-mutants.ts';
import { setbackMutants } from './setback-mutants.ts';
import { shellMutants } from './shell-mutants.ts';
import { stateMutants } from './state-mutants.ts';
import { targetMutants } from './target-mutants.ts';

export const mutants: readonly Mutant[] = [
  ...coreMutants,
  ...evidenceMutants,
  ...infraMutants,
  ...moneyMutants,
  ...rustHostMutants,
  ...rustLifeMutants,
  ...setbackMutants,
  ...shellMutants,
  ...stateMutants,
  ...targetMutants,
];
