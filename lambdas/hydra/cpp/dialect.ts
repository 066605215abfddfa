/** The C++ queue runner, up to NixOS 26.05. */
import type { HydraDialect } from '../dialect.ts';
import { cppChecks } from './check/checks.ts';
import { cppLife } from './life/life.ts';

export const cpp: HydraDialect = { life: cppLife, checks: cppChecks };
