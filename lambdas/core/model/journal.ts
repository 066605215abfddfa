/** What is kept of ticks and requests, for people. No tick ever reads it. */
import * as z from 'zod';
import { actionSchema, decisionSchema } from './intents.ts';
import { observationSchema } from './observation.ts';
import { problemSchema } from './problem.ts';
import { countSchema, idSchema, secondsSchema } from './scalars.ts';

const text = z.string();

export const journalRoundSchema = z
  .object({
    at: secondsSchema,
    /** Everything seen: today's code can plan it again. Absent where it was left out for its size. */
    observation: observationSchema.exactOptional(),
    decisions: z.array(decisionSchema).readonly(),
    actions: z.array(actionSchema).readonly(),
    /** Rules the plan broke; then nothing of it was carried out. */
    violations: z.array(text).readonly(),
    /** What went wrong while it was carried out. */
    problems: z.array(problemSchema).readonly(),
    /** What AWS accepted, counted. Absent when nothing was carried out. */
    done: z.record(text, countSchema).readonly().exactOptional(),
  })
  .readonly();
export type JournalRound = z.infer<typeof journalRoundSchema>;

export const tickEntrySchema = z
  .object({
    kind: z.literal('tick'),
    /** Of the invocation. */
    id: idSchema,
    at: secondsSchema,
    endedAt: secondsSchema,
    /** As the tick answered, or `failed`. */
    result: text,
    message: text,
    /** What woke it, in words. Absent in entries of older versions. */
    woken: text.exactOptional(),
    /** What all machines cost an hour at its end, as far as it is known, in words. Absent where AWS billed none. */
    cost: text.exactOptional(),
    rounds: z.array(journalRoundSchema).readonly(),
    /** Rounds that decided nothing new and were left out. */
    leftOut: countSchema,
  })
  .readonly();
export type TickEntry = z.infer<typeof tickEntrySchema>;

export const requestEntrySchema = z
  .object({
    kind: z.literal('request'),
    id: idSchema,
    at: secondsSchema,
    /** Such as `scaleOut`. */
    request: text,
    /** As it was sent. */
    body: z.unknown(),
    by: text.exactOptional(),
    /** What was answered. */
    message: text,
  })
  .readonly();
export type RequestEntry = z.infer<typeof requestEntrySchema>;

export const journalEntrySchema = z.discriminatedUnion('kind', [tickEntrySchema, requestEntrySchema]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
