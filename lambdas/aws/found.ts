/** Looks for something that people ask about, where not finding it is an answer too. */
import { messageOf } from '../core/text/message-of.ts';
import type { Result } from '../core/reason/result.ts';
import { NO_ANSWER } from '../core/model/index.ts';
import { refusalOf } from './errors.ts';

/** Never throws: what could not be found or asked is missing for that reason. */
export async function found<T>(look: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await look() };
  } catch (error) {
    const { code, says, remedy } = refusalOf(error);
    if (code === NO_ANSWER) return { ok: false, problem: { says: messageOf(error) } };
    return { ok: false, problem: { says, ...(remedy === undefined ? {} : { remedy }) } };
  }
}
