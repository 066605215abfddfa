/** What a person may ask the function for: one file per request, each with its schema, an example and what it does. */
import * as z from 'zod';
import type { Config } from '../core/config/config.ts';
import { unknownKey } from '../core/config/hints.ts';
import type { Suggest } from '../core/config/problem.ts';
import type { Floor, Order, Phase } from '../core/model/index.ts';
import type { Result } from '../core/reason/result.ts';
import type { Ports } from '../ports.ts';

/** What a request is carried out with. */
export interface Desk {
  readonly config: Config;
  readonly ports: Ports;
}

/** What was recorded, in words and in numbers. */
export interface Recorded {
  readonly result: 'recorded';
  /** What holds now, and from when on. */
  readonly message: string;
  readonly floor?: Floor;
  readonly order?: Order;
  /** Of the machine the order is about, as it was remembered. */
  readonly phase?: Phase;
}

/** Nothing was done, because the request cannot be meant as it stands. */
export interface Mistaken {
  readonly result: 'invalid';
  readonly message: string;
  /** Each names the field and lists what is right. */
  readonly problems: readonly string[];
}

/** What all answers have in common. */
interface Answered {
  readonly result: 'recorded' | 'invalid' | 'status' | 'explanation' | 'plan' | 'diagnosis';
}

interface RequestSpec<Body, Reply extends Answered> {
  /** The key of the event: `{ "scaleOut": … }`. */
  readonly name: string;
  /** In a sentence, for people who sent something else. */
  readonly does: string;
  /** A body that is right. */
  readonly example: unknown;
  readonly body: z.ZodType<Body>;
  /** Whether a tick that acts on it follows at once, if none is at work. */
  readonly wakes: boolean;
  readonly carryOut: (desk: Desk, body: Body) => Promise<Reply>;
}

/** A request whose body was understood. */
export interface Understood<Reply extends Answered> {
  readonly name: string;
  readonly body: unknown;
  readonly wakes: boolean;
  readonly carryOut: (desk: Desk) => Promise<Reply>;
}

export interface Request<Reply extends Answered> {
  readonly name: string;
  readonly does: string;
  /** The whole event. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Never throws. */
  readonly read: (body: unknown, suggest: Suggest) => Result<Understood<Reply>, readonly string[]>;
}

export function request<Body, Reply extends Answered>({
  name,
  does,
  example,
  body,
  wakes,
  carryOut,
}: RequestSpec<Body, Reply>): Request<Reply> {
  return {
    name,
    does,
    example: { [name]: example },
    read: (written, suggest) => {
      const parsed = body.safeParse(written);
      if (!parsed.success) return { ok: false, problem: problemsOf(name, parsed.error, body, suggest) };
      return {
        ok: true,
        value: { name, body: written, wakes, carryOut: (desk) => carryOut(desk, parsed.data) },
      };
    },
  };
}

/** What is wrong with something that was sent, by field. @param schema what it was held against. */
export function problemsOf(
  name: string,
  error: z.ZodError,
  schema: z.ZodType,
  suggest: Suggest,
): readonly string[] {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${key}: ${unknownKey(key, known, suggest)}`)
      : [`${issue.path.map(String).join('.') || name}: ${issue.message}`],
  );
}
