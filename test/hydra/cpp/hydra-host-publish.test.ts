import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OfferError } from '../../../lambdas/ports.ts';
import { HYDRA, HydraHostBench, fileOf, offer, trying } from './hydra-host-bench.ts';

let bench: HydraHostBench;
beforeEach(async () => {
  bench = await HydraHostBench.start();
});
afterEach(() => bench.stop());

const OFFERS = [offer('10.0.0.2'), offer('10.0.0.1')];

/** What `publish` throws. */
async function refusal(publishing: Promise<unknown>): Promise<Error> {
  const error = await publishing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('nothing was thrown');
  return error;
}

describe('publishing the machines file', () => {
  it('puts exactly the listings in place, and tells when it lay there', async () => {
    const published = await bench.host.offer(OFFERS, undefined, false);
    expect(bench.file).toBe(fileOf(OFFERS));
    expect(published.digest).toBe(createHash('sha256').update(bench.file).digest('hex'));
    expect(published.seen.at).toBe(bench.clock.now());
    expect(published.seen.hostAt).toBeGreaterThan(1_700_000_000);
    expect((await bench.host.look(trying())).offer?.digest).toBe(published.digest);
  });

  it('makes a file of no listings at all', async () => {
    await bench.host.offer([], undefined, false);
    expect(bench.file).toBe(fileOf([]));
  });

  it('sends nothing when the same file lies there already', async () => {
    const first = await bench.host.offer(OFFERS, undefined, false);
    expect(await bench.host.offer(OFFERS.toReversed(), first, false)).toEqual(first);
    expect(bench.sent).toEqual(['publish']);
  });

  it('writes the same file again when asked to', async () => {
    const first = await bench.host.offer(OFFERS, undefined, false);
    bench.fileModifiedAt = 1_700_000_000;
    const again = await bench.host.offer(OFFERS, first, true);
    expect(again.digest).toBe(first.digest);
    expect(bench.fileModifiedAt).toBeGreaterThan(1_700_000_000);
  });

  it('ends the same when the agent gets the command twice', async () => {
    bench.ssm.deliverTwice = true;
    await bench.host.offer(OFFERS, undefined, false);
    expect(bench.file).toBe(fileOf(OFFERS));
  });

  it('sends nothing of listings that would make a malformed line', async () => {
    const broken = [...OFFERS, offer('10.0.0.3', { systems: ['x86_64-linux # comment'] })];
    expect((await refusal(bench.host.offer(broken, undefined, false))).message).toContain('10.0.0.3');
    expect(bench.sent).toEqual([]);
  });

  it('names how many machines fit when there are too many', async () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      offer(`10.0.${index >> 8}.${index & 255}`, {}, `ssh-ed25519 ${randomBytes(51).toString('base64')}`),
    );
    const error = await refusal(bench.host.offer(many, undefined, false));
    expect(error).toBeInstanceOf(OfferError);
    expect(Number(/at most about (\d+) machines/.exec(error.message)?.[1])).toBeGreaterThan(200);
    expect(bench.sent).toEqual([]);
  });

  it('carries some hundred machines in one command', async () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      offer(`10.0.${index >> 8}.${index & 255}`, {}, `ssh-ed25519 ${randomBytes(51).toString('base64')}`),
    );
    await bench.host.offer(many, undefined, false);
    expect(bench.file.split('\n')).toHaveLength(402);
  });
});

describe('a machines file that cannot be published', () => {
  it('because its directory is missing says how to make it', async () => {
    const host = bench.hostWith({ machinesFile: bench.machine.path('nowhere/machines') });
    const error = await refusal(host.offer(OFFERS, undefined, false));
    expect(error).toBeInstanceOf(OfferError);
    expect(error.message).toMatch(/could not be put in place: .*does not exist: create it/);
  });

  it('because somebody else’s file lies there leaves that alone', async () => {
    bench.file = 'root@static x86_64-linux\n';
    const error = await refusal(bench.host.offer(OFFERS, undefined, false));
    expect(error.message).toContain('was not written by hydra-autoscaler');
    expect(bench.file).toBe('root@static x86_64-linux\n');
  });

  it.each(['DeliveryTimedOut', 'ExecutionTimedOut', 'InProgress'])(
    'as far as anybody knows (%s) may lie there or not',
    async (word) => {
      bench.ssm.instead.set(HYDRA, word);
      const error = await refusal(bench.host.offer(OFFERS, undefined, false));
      expect(error).toBeInstanceOf(OfferError);
      expect(error.message).toContain('the old file or the new one lies there, whole');
      expect(bench.hasFile).toBe(false);
    },
  );

  it.each<[string, (stdout: string) => string, string]>([
    ['nothing', () => '', 'not known'],
    ['half an answer', (stdout) => stdout.slice(0, 60), 'not known'],
    ['another checksum', (stdout) => stdout.replace(/[0-9a-f]{64}/, 'e'.repeat(64)), 'another machines file'],
  ])('because %s came back is not believed', async (_, mangle, named) => {
    bench.ssm.mangle = mangle;
    const error = await refusal(bench.host.offer(OFFERS, undefined, false));
    expect(error).toBeInstanceOf(OfferError);
    expect(error.message).toContain(named);
  });
});
