/** Asks until nothing is missing: the account first, and a person only what that could not say. */
import type { AccountFacts } from './account-facts.ts';
import type { Answers } from './answers.ts';
import { decide } from './decide.ts';
import type { Missing, Part } from './setting.ts';

export interface Settled {
  readonly answers: Answers;
  readonly facts: AccountFacts;
  /** What came of both. Something is missing only where there is nobody to ask. */
  readonly decided: Part;
}

/** Asks a person for one thing, until the answer is one; gives the answers so far with it. */
export type Asks = (missing: Missing, so: Answers) => Promise<Answers>;

export interface Sources {
  /** What the account says, given the answers so far. */
  readonly facts: (answers: Answers) => Promise<AccountFacts>;
  /** Absent where there is nobody to ask. */
  readonly ask?: Asks;
}

export async function settle(said: Answers, { facts: factsOf, ask }: Sources): Promise<Settled> {
  let answers = said;
  for (;;) {
    const facts = await factsOf(answers);
    const decided = decide(answers, facts);
    const [next] = decided.missing;
    if (next === undefined || ask === undefined) return { answers, facts, decided };
    answers = await ask(next, answers);
  }
}
