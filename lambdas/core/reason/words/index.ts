/**
 * Every sentence in which a reason is told: one function or constant per kind, from its numbers and names. Nothing reads
 * them back; code that has to know what a reason is about asks its kind.
 */
export * from './capacity.ts';
export * from './life.ts';
export * from './plan.ts';
