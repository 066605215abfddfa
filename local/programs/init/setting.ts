/** One value of the configuration to be written, and where it comes from. */
import type { AnswerName } from './answers.ts';
import { QUESTIONS } from './answers.ts';

/** What a configuration file can hold. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

export interface Origin {
  /** A person, the account as it was asked, or nobody, so that it is what we take to be best. */
  readonly from: 'you' | 'account' | 'default';
  /** In a few words: the flag, what was asked of the account, or the reason for the default. */
  readonly why: string;
}

/** A value with its origin. */
export interface Sourced<T> extends Origin {
  readonly value: T;
}

/** A value at its place in the configuration, such as `['host', 'instanceId']`. */
export interface Setting extends Sourced<Json> {
  readonly path: readonly string[];
}

/** Something that nobody could say so far. */
export interface Missing {
  readonly name: AnswerName;
  /** Where to look it up. */
  readonly how: string;
  /** What the account has of it, the value first in each; empty where it is not known. */
  readonly choices: readonly string[];
}

/** What one part of the decision comes to. */
export interface Part {
  readonly settings: readonly Setting[];
  readonly missing: readonly Missing[];
  /** What a careful person would want to know beside it. */
  readonly notes: readonly string[];
}

export const byDefault = <T>(value: T, why: string): Sourced<T> => ({ value, from: 'default', why });
export const fromAccount = <T>(value: T, why: string): Sourced<T> => ({ value, from: 'account', why });
/** Undefined where it was not said. */
export const fromYou = <T>(name: AnswerName, value: T | undefined): Sourced<T> | undefined =>
  value === undefined ? undefined : { value, from: 'you', why: QUESTIONS[name].flag };

/** Puts a value in its place; nothing for what has none. */
export const put = (path: readonly string[], sourced: Sourced<Json> | undefined): readonly Setting[] =>
  sourced === undefined ? [] : [{ path, ...sourced }];

export const missing = (name: AnswerName, how: string, choices: readonly string[] = []): Missing => ({
  name,
  how,
  choices,
});

export const joined = (parts: readonly Part[]): Part => ({
  settings: parts.flatMap(({ settings }) => settings),
  missing: parts.flatMap((part) => part.missing),
  notes: parts.flatMap(({ notes }) => notes),
});

const ORIGINS: Readonly<Record<Origin['from'], string>> = {
  you: 'you said so',
  account: 'the account',
  default: 'default',
};

/** Such as `you said so: --host`. */
export const originInWords = ({ from, why }: Origin): string => `${ORIGINS[from]}: ${why}`;
