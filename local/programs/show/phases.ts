/** The phases of a machine as people see them: always in the same order and colour, on the terminal and in the report. */
import type { Phase } from '../../../lambdas/core/model/index.ts';
import type { Style } from './paint.ts';

interface Look {
  readonly terminal: Style;
  /** From Okabe and Ito's palette, which people with any colour vision can tell apart. */
  readonly web: string;
}

/** In the order of a machine's life: the report stacks them so. */
const LOOKS: Readonly<Record<'requested' | Phase, Look>> = {
  ready: { terminal: 'green', web: '#009e73' },
  booting: { terminal: 'yellow', web: '#e69f00' },
  requested: { terminal: 'yellowBright', web: '#f0e442' },
  draining: { terminal: 'cyan', web: '#56b4e9' },
  terminating: { terminal: 'blue', web: '#0072b2' },
  stopping: { terminal: 'magenta', web: '#cc79a7' },
  stopped: { terminal: 'gray', web: '#999999' },
  failed: { terminal: 'red', web: '#d55e00' },
};

/** What changes comes before what stays: the order of attention. */
const ATTENTION: readonly string[] = [
  'failed',
  'draining',
  'terminating',
  'stopping',
  'requested',
  'booting',
  'ready',
  'stopped',
] satisfies (keyof typeof LOOKS)[];

const isKnown = (phase: string): phase is keyof typeof LOOKS => Object.hasOwn(LOOKS, phase);

/** The known phases in the order of a machine's life, then `others` that are none of them. */
export const phasesAnd = (others: readonly string[]): readonly string[] => [
  ...Object.keys(LOOKS),
  ...others.filter((phase) => !isKnown(phase)),
];

export const terminalStyle = (phase: string): Style => (isKnown(phase) ? LOOKS[phase].terminal : 'white');

export const webColour = (phase: string): string => (isKnown(phase) ? LOOKS[phase].web : '#777777');

/** Orders phases by how much they deserve to be looked at; unknown ones first. */
export const byAttention = (a: string, b: string): number => ATTENTION.indexOf(a) - ATTENTION.indexOf(b);

/** How many are in which phase, as spans such as `4 ready · 1 booting`. */
export function phaseCounts(
  counts: Readonly<Record<string, number>>,
): readonly { readonly phase: string; readonly count: number }[] {
  return phasesAnd(Object.keys(counts))
    .map((phase) => ({ phase, count: counts[phase] ?? 0 }))
    .filter(({ count }) => count > 0);
}
