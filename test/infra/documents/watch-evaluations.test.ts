import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluatingIn, soughtIn } from '../../../local/world/watch-look.ts';
import { ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';
import { hurry, NOTHING, says, watch } from './watching.ts';

const WATCHED = ['unsupported -', 'evaluations yes', 'unlikely p:vain'];

describe.each(SHELLS)('the watch and evaluations, run by %s', (shell) => {
  let host: ScratchHost;
  beforeEach(() => {
    host = new ScratchHost({ shell });
    host.tools('sed');
    hurry(host);
    says(host, '{"status":"up","machineTypes":{},"machines":{}}');
    host.program('psql', `echo "$*" >'${host.path('asked')}'; printf 'p:vain\\np:j\\np:k\\n'`);
  });
  afterEach(() => host.remove());

  it('ends for one of which something is expected', async () => {
    expect(await watch(host, { watched: WATCHED, since: 1_763_599_000 })).toBe('evaluating p:j');
    expect(host.read('asked')).toContain('where starttime > 1763599000 and');
  });

  it('does not for one in vain', async () => {
    host.program('psql', 'echo p:vain');
    expect(await watch(host, { watched: WATCHED })).toBe(NOTHING);
  });

  it('ends when machines are due, and not before', async () => {
    host.program('psql', 'exit 2');
    const due = (at: number) => watch(host, { watched: [...WATCHED, `due ${at}`], turn: at });
    expect(await due(1_763_600_006)).toBe('due 1763600006');
    expect(await due(1_863_600_000)).toBe(NOTHING);
  });

  it('asks no database where nobody launches ahead', async () => {
    expect(await watch(host, { watched: ['unsupported -'] })).toBe(NOTHING);
    expect(host.exists('asked')).toBe(false);
  });
});

describe('the model of the watch', () => {
  const sought = soughtIn('cpp', 1000, WATCHED.join('\n'));
  const harvest = { at: 1, seconds: 60, kinds: [] };
  const told = (jobset: string, since: number, harvests = [harvest, harvest]) => ({
    ...{ at: 1100, evaluations: [{ jobset, since, harvests }] },
  });
  it.each([
    ['p:j', 1080, 2, 'evaluating p:j'],
    ['p:vain', 1080, 2, undefined],
    ['p:j', 1095, 2, undefined],
    ['p:j', 999, 2, undefined],
    ['p:j', 1080, 1, undefined],
  ])('of %s since %d with %d harvests', (jobset, since, harvests, found) => {
    const notice = told(jobset, since, [harvest, harvest].slice(0, harvests));
    expect(evaluatingIn(sought, notice, 1100)).toBe(found);
  });
  it('knows when machines are due', () => {
    const due = soughtIn('cpp', 1000, [...WATCHED, 'due 1050'].join('\n'));
    expect(evaluatingIn(due, undefined, 1049)).toBeUndefined();
    expect(evaluatingIn(due, undefined, 1050)).toBe('due 1050');
  });
});
