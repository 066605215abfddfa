/** Looks for something that people ask about, where not finding it is an answer too. */
import { messageOf } from '../core/text/message-of.ts';
import type { Result } from '../core/reason/result.ts';
import { judge } from './errors.ts';

/** Never throws: what could not be found or asked is missing for that reason. */
export async function found<T>(look: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await look() };
  } catch (error) {
    const verdict = judge(error);
    if (!verdict.answered) return { ok: false, problem: { says: messageOf(error) } };
    const { says, remedy } = verdict.refusal;
    return { ok: false, problem: { says, ...(remedy === undefined ? {} : { remedy }) } };
  }
}
