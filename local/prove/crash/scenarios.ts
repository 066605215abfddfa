/** Everything a tick can be in the middle of when it dies. */
import { endingScenarios } from './ending-scenarios.ts';
import { growingScenarios } from './growing-scenarios.ts';
import { orderScenarios } from './order-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { troubleScenarios } from './trouble-scenarios.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...growingScenarios,
  ...endingScenarios,
  ...orderScenarios,
  ...troubleScenarios,
];
