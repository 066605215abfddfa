/** The Rust queue runner, from NixOS 26.11 on. */
import type { HydraDialect } from '../dialect.ts';
import { rustChecks } from './check/checks.ts';
import { rustLife } from './life/life.ts';

export const rust: HydraDialect = { life: rustLife, checks: rustChecks };
