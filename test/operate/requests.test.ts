/** The commands people paste say to the program what the events say to the function. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { operateCommand, operateWords } from '../../infra/operate-commands.ts';
import { ACCEPTED_EVENTS } from '../../lambdas/reconcile/event.ts';
import { addRequests } from '../../local/programs/operate/requests.ts';

/** The event that words on the command line make. */
async function eventOf(words: readonly string[]): Promise<object> {
  const events: object[] = [];
  const program = new Command().exitOverride();
  const send = (event: object): Promise<void> => Promise.resolve(void events.push(event));
  addRequests(program, send, () => undefined);
  await program.parseAsync(words, { from: 'user' });
  expect(events).toHaveLength(1);
  return events[0] ?? {};
}

/** Whoever gives the order says so by an option of the whole program. */
const anonymous = (body: unknown): unknown =>
  typeof body === 'object' && body !== null
    ? Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'by'))
    : body;

describe('the words of a request', () => {
  it.each(ACCEPTED_EVENTS.map(({ event }) => event))('make the event again: %j', async (event) => {
    const [[name = '', body] = []] = Object.entries(event);
    expect(await eventOf(operateWords(event))).toEqual({ [name]: anonymous(body) });
  });

  it.each([
    [{ explain: { type: 'x86_64-linux' } }, 'explain x86_64-linux'],
    [{ explain: { system: 'x86_64-linux', features: [] } }, 'explain --steps x86_64-linux'],
    [{ pause: { everything: true, minutes: 5 } }, 'pause --minutes 5 --everything'],
  ])('of %j are: %s', async (event, words) => {
    expect(operateWords(event).join(' ')).toBe(words);
    expect(await eventOf(operateWords(event))).toEqual(event);
  });

  it('stand behind the stack', () => {
    expect(operateCommand('my-farm', { doctor: true })).toBe('npm run operate -- --stack my-farm doctor');
  });
});
