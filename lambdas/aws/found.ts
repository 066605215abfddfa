/** Looks for something that people ask about, where not finding it is an answer too. */
import { messageOf } from '../core/text/message-of.ts';
import type { Found } from '../core/doctor/finding.ts';
import { judge } from './errors.ts';

/** Never throws: what could not be found or asked is missing for that reason. */
export async function found<T>(look: () => Promise<T>): Promise<Found<T>> {
  try {
    return { found: await look() };
  } catch (error) {
    const verdict = judge(error);
    return { missing: verdict.answered ? verdict.refusal.message : messageOf(error) };
  }
}
