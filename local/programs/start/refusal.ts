/** How a program says what it cannot begin with: in a line, before anything has run. */
import type { Command } from 'commander';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';

/** The exit code of a program that was asked for what cannot be; 1 is for what went wrong on the way. */
export const REFUSED_EXIT = 2;

/** Says why on the error stream. The program ends when its caller returns. */
export function refuse(error: unknown): void {
  console.error(messageOf(error));
  process.exitCode = REFUSED_EXIT;
}

/** Wrong arguments are refused like anything else that is wrong from the start. */
export const refusingArguments = (command: Command): Command =>
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : REFUSED_EXIT));
