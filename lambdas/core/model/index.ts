/**
 * The words of the autoscaler: what is remembered, seen and decided. One file per noun, each record a schema with its type
 * inferred, so that what is stored, read back and spoken of in code can never differ. It imports itself and zod, and all
 * else stands on it.
 *
 * What is stored is checked against these schemas before it is written and after it is read. Fields that a schema does not
 * have are ignored, so that a version can be rolled back.
 */
export * from './back-off.ts';
export * from './evaluation.ts';
export * from './farm.ts';
export * from './instance.ts';
export * from './intents.ts';
export * from './journal.ts';
export * from './launch.ts';
export * from './machine.ts';
export * from './observation.ts';
export * from './order.ts';
export * from './pool.ts';
export * from './prices.ts';
export * from './problem.ts';
export * from './queue.ts';
export * from './refusal.ts';
export * from './scalars.ts';
export * from './watch.ts';
