/** What every journal keeps to. */
import { describe, expect, it } from 'vitest';
import type { JournalEntry, RequestEntry } from '../../lambdas/core/model/index.ts';
import type { Journal, JournalItem } from '../../lambdas/ports.ts';

const NOW = 1_790_000_000;

const said = (id: string, at: number): RequestEntry => ({
  kind: 'request',
  id,
  at,
  request: 'pause',
  body: { everything: true },
  by: 'Zoë',
  message: 'everything is paused',
});

const ticked = (id: string, at: number): JournalEntry => ({
  kind: 'tick',
  id,
  at,
  endedAt: at + 1,
  result: 'done',
  message: 'nothing had to be done',
  rounds: [],
  leftOut: 0,
});

async function entriesOf(journal: Journal, from: number, to: number): Promise<readonly JournalItem[]> {
  const items: JournalItem[] = [];
  for await (const item of journal.entries(from, to)) items.push(item);
  return items;
}

const asItems = (...entries: readonly JournalEntry[]): readonly JournalItem[] =>
  entries.map((entry) => ({ entry }));

export function journalContract(name: string, makeJournal: () => Promise<Journal>): void {
  describe(`the journal: ${name}`, () => {
    it('gives back what was kept, those asked for, in the order of their time', async () => {
      const journal = await makeJournal();
      expect(await entriesOf(journal, 0, NOW * 2)).toEqual([]);
      for (const at of [NOW + 60, NOW, NOW + 120.5]) await journal.append(said(`r-${at}`, at));
      const [first, second, third] = [NOW, NOW + 60, NOW + 120.5].map((at) => said(`r-${at}`, at));
      expect(await entriesOf(journal, 0, NOW * 2)).toEqual(
        [first, second, third].map((entry) => ({ entry })),
      );
      expect(await entriesOf(journal, NOW, NOW + 120.5)).toEqual([first, second].map((entry) => ({ entry })));
      expect(await entriesOf(journal, NOW + 0.5, NOW + 121)).toEqual(
        [second, third].map((entry) => ({ entry })),
      );
    });

    it('gives a request before the tick of the same invocation and instant', async () => {
      const journal = await makeJournal();
      await journal.append(ticked('r', NOW));
      await journal.append(said('r', NOW));
      expect(await entriesOf(journal, NOW, NOW + 1)).toEqual(asItems(said('r', NOW), ticked('r', NOW)));
    });

    it('is read as far as it is wanted', async () => {
      const journal = await makeJournal();
      for (const at of [NOW, NOW + 1, NOW + 2]) await journal.append(ticked(`t-${at}`, at));
      for await (const item of journal.entries(NOW, NOW + 10)) {
        expect(item).toEqual({ entry: ticked(`t-${NOW}`, NOW) });
        break;
      }
      expect(await entriesOf(journal, NOW, NOW + 10)).toHaveLength(3);
    });

    it('gives back days of entries, whose pages are many', async () => {
      const journal = await makeJournal();
      const noise = Array.from({ length: 12_000 }, (_, index) =>
        ((index * 2_654_435_761) % 4_294_967_296).toString(36),
      );
      const large = (at: number): JournalEntry => ({ ...said(`r-${at}`, at), body: noise.join(' ') + at });
      const all = Array.from({ length: 40 }, (_, index) => large(NOW + index * 300));
      for (const entry of all) await journal.append(entry);
      expect(await entriesOf(journal, NOW, NOW + 86_400)).toEqual(asItems(...all));
    });
  });
}
