/** Everything a tick can be in the middle of when it dies. */
import { endingScenarios } from './ending-scenarios.ts';
import { growingScenarios } from './growing-scenarios.ts';
import { orderScenarios } from './order-scenarios.ts';
import { withRustRunner, withTargetWait } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { troubleScenarios } from './trouble-scenarios.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...growingScenarios,
  ...endingScenarios,
  ...orderScenarios,
  ...troubleScenarios,
  // Launches are the same however they were counted; what is let go, and when, is not.
  ...endingScenarios.map(withTargetWait),
  // Their trouble is mostly that of the machines file.
  ...[...growingScenarios, ...endingScenarios, ...orderScenarios].map(withRustRunner),
];
