import { MemoryJournal } from '../../local/world/ports/memory-journal.ts';
import { journalContract } from './journal.contract.ts';

journalContract('in memory', () => Promise.resolve(new MemoryJournal()));
