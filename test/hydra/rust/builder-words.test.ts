/** What is made of the journals of real builders that could not dial in. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builderInWords } from '../../../lambdas/hydra/rust/builder-words.ts';

const JOURNALS = new URL('../../fixtures/hydra-rust/journals/', import.meta.url);

const journal = (name: string): string => readFileSync(new URL(`${name}.txt`, JOURNALS), 'utf8');
const told = (text: string, exit = '1', active = 'activating'): string | undefined =>
  builderInWords(`v1 builder ${active} ${exit} closed ${Buffer.from(text).toString('base64') || '-'}\n`);

describe('why a builder does not dial in', () => {
  it.each([
    [
      'token-not-taken',
      '1',
      'the queue runner does not let it in: its token is not among those of the host: code: \'The request does not have valid authentication credentials\', message: "No valid auth token"',
    ],
    [
      'other-version',
      '65',
      'its hydra-builder is of another version than the queue runner (exit 65): it needs the host’s own: API version mismatch: client has 0.1.0-00000000, server has 0.1.0-5f82f0f0',
    ],
    [
      'refused',
      '1',
      'hydra-builder is activating, exit code 1: Connecting to channel: transport error: tcp connect error: Connection refused (os error 111)',
    ],
    [
      'no-such-host',
      '1',
      'hydra-builder is activating, exit code 1: Connecting to channel: transport error: dns error: failed to lookup address information: Temporary failure in name resolution',
    ],
    [
      'no-token-file',
      '1',
      'hydra-builder is activating, exit code 1: Parsing configuration: Reading configuration file: failed to read from file `/etc/hydra/none`: No such file or directory (os error 2)',
    ],
    [
      'no-answer',
      '0',
      'hydra-builder gets no answer from http://10.77.0.99:50051: see that security groups and the host’s firewall let machines reach it',
    ],
  ])('is told of %s', (name, exit, words) => {
    expect(told(journal(name), exit)).toBe(words);
  });

  it('is that of its last death, not of an earlier one', () => {
    expect(told(journal('token-not-taken') + journal('refused'))).toMatch(/Connection refused/);
    expect(told(journal('refused') + journal('no-answer'))).toMatch(/gets no answer/);
    expect(told(journal('other-version') + journal('refused'))).toMatch(/Connection refused/);
    expect(told(journal('refused') + journal('other-version'), '0')).toMatch(/another version/);
  });

  it('is what was said last, where it did not say of what it died', () => {
    const says = 'hydra-autoscaler: no token to register with: it is empty';
    expect(told(`${says}\n`)).toBe(`hydra-builder is activating, exit code 1: ${says}`);
    expect(told('', '-', 'inactive')).toBe('hydra-builder is inactive');
    expect(builderInWords('v1 builder inactive - - -\n')).toBe('hydra-builder is inactive');
    const [line = ''] = journal('refused')
      .split('\n')
      .filter((one) => one.includes(' ERROR '));
    expect(told(line)).toBe(
      'hydra-builder is activating, exit code 1: new:init_client: hydra_builder::grpc: error=Connecting to channel',
    );
  });

  it('is its version by its exit code alone, too', () => {
    expect(told('', '65')).toMatch(/^its hydra-builder is of another version.*exit 65.*own$/);
  });

  it.each(['', 'v1 builder', 'v1 builder active 0 open', 'v1 builder active 0 ajar -', 'v1 gate open\n'])(
    'is unknown where the answer is not whole: %j',
    (stdout) => {
      expect(builderInWords(stdout)).toBeUndefined();
    },
  );
});
