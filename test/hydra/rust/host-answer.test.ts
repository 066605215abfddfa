import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackPayload } from '../../../lambdas/hydra/payload.ts';
import { decodeRustAnswer, decodeRustFrame, isRustAnswer } from '../../../lambdas/hydra/rust/host-answer.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const LOOK = [
  'rest http://[::1]:8080',
  'curl 0 200',
  'unit hydra-queue-runner-rest.socket',
  'active 200',
  'unfinished 34',
  'database -',
  'kinds features -',
  'kind aarch64-linux 4 0',
  'kind x86_64-linux 18 2',
  'kind x86_64-linux:kvm,nixos-test 6 1',
  `busy ${base64('i-0b1')} 2`,
  'busy - 1',
  `spoilt ${base64('i-0b1')} 3 1795825600`,
  'held i-0b1 1',
  'json',
  '{"queueRunner":{"status":"up"}}\n',
].join('\n');

function answerWith(payload: string): string {
  const text = gzipSync(payload).toString('base64');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return `hydra-autoscaler 1 observe-rust\nclock 1795825666\nsystem x86_64-linux\nstatus ${sha256} ${text.length} ${text}\nend\n`;
}

const ANSWER = answerWith(LOOK);

/** A whole answer with this payload. */
function decodeLook(payload: string) {
  const frame = decodeRustFrame(ANSWER);
  return frame.ok ? decodeRustAnswer(frame.value, payload) : frame;
}

describe('an answer of a Hydra host with the Rust queue runner', () => {
  it('is taken apart', () => {
    const answer = decodeRustFrame(ANSWER);
    expect(answer).toMatchObject({ ok: true, value: { hostNow: 1_795_825_666, hostSystem: 'x86_64-linux' } });
    expect(answer.ok && unpackPayload(answer.value.payload)).toEqual({ ok: true, value: LOOK });
  });

  it('is told from one of the C++ queue runner by its first line', () => {
    expect(isRustAnswer(ANSWER)).toBe(true);
    expect(isRustAnswer('hydra-autoscaler 1 observe\nexit 0\n')).toBe(false);
    expect(decodeRustFrame('hydra-autoscaler 1 observe\nexit 0\n')).toMatchObject({ ok: false });
  });

  it('is never believed when its end is missing', () => {
    const whole = ANSWER.trimEnd();
    for (let length = 0; length < whole.length; length++)
      expect(decodeRustFrame(whole.slice(0, length))).toMatchObject({ ok: false });
  });

  it('may hold the beginning of a longer payload, never the whole of a shorter one', () => {
    const announcing = (length: number): string => ANSWER.replace(/(status \w+) \d+/, `$1 ${length}`);
    expect(decodeRustFrame(announcing(90_000))).toMatchObject({
      ok: true,
      value: { payload: { length: 90_000 } },
    });
    expect(decodeRustFrame(announcing(3))).toMatchObject({ ok: false });
  });
});

describe('a look at the Rust queue runner', () => {
  const whyNot = (look: string): string => {
    const decoded = decodeLook(look);
    return decoded.ok ? 'it is read' : decoded.problem.says;
  };

  it('is taken apart', () => {
    expect(decodeLook(LOOK)).toEqual({
      ok: true,
      value: {
        hostNow: 1_795_825_666,
        hostSystem: 'x86_64-linux',
        rest: 'http://[::1]:8080',
        curl: { exit: 0, http: 200 },
        unit: 'hydra-queue-runner-rest.socket',
        activeHttp: 200,
        unfinished: 34,
        kinds: { by: 'features' },
        demand: [
          { system: 'aarch64-linux', features: [], runnable: 4, running: 0 },
          { system: 'x86_64-linux', features: [], runnable: 18, running: 2 },
          { system: 'x86_64-linux', features: ['kvm', 'nixos-test'], runnable: 6, running: 1 },
        ],
        busy: new Map([
          ['i-0b1', 2],
          ['', 1],
        ]),
        spoilt: new Map([['i-0b1', { steps: 3, lastAt: 1_795_825_600 }]]),
        held: new Map([['i-0b1', 1]]),
        statusText: '{"queueRunner":{"status":"up"}}\n',
      },
    });
  });

  it('says what it could not find out', () => {
    const look = [
      'rest http://[::1]:8080',
      'curl 28 000',
      'unit -',
      'active 000',
      'unfinished -',
      `database ${base64('psql: error: connection refused\n')}`,
      `kinds systems ${base64('time was up')}`,
      'kind x86_64-linux 5 1',
      'json',
      '',
    ].join('\n');
    expect(decodeLook(look)).toEqual({
      ok: true,
      value: {
        hostNow: 1_795_825_666,
        hostSystem: 'x86_64-linux',
        rest: 'http://[::1]:8080',
        curl: { exit: 28, http: 0 },
        activeHttp: 0,
        databaseProblem: 'psql: error: connection refused',
        kinds: { by: 'systems', why: 'time was up' },
        demand: [{ system: 'x86_64-linux', runnable: 5, running: 1 }],
        busy: new Map(),
        spoilt: new Map(),
        held: new Map(),
        statusText: '',
      },
    });
  });

  it('keeps the body as it came, whatever is in it', () => {
    for (const body of ['', '\n', 'json\nkind x 1 1\n', '<html>\r\nend\n', 'ünï {"queueRunner"'])
      expect(decodeLook(LOOK.replace(/json\n[^]*$/, () => `json\n${body}`))).toMatchObject({
        ok: true,
        value: { statusText: body },
      });
  });

  it('is never believed when its end is missing', () => {
    const beforeBody = LOOK.indexOf('json\n') + 5;
    for (let length = 0; length < beforeBody; length++)
      expect(decodeLook(LOOK.slice(0, length))).toMatchObject({ ok: false });
  });

  it.each([
    ['a line left out', 'active 200\n', ''],
    ['lines in another order', 'curl 0 200\nunit hydra-queue-runner-rest.socket', 'unit -\ncurl 0 200'],
    ['a line that is none of ours', 'kinds features -', 'kinds features -\nkinds features -'],
    ['numbers beside an error of the database', 'database -', 'database QQ=='],
    ['neither numbers nor an error of the database', 'unfinished 34', 'unfinished -'],
    ['features with a reason why there are none', 'kinds features -', 'kinds features QQ=='],
    ['no features, and no reason', 'kinds features -', 'kinds systems -'],
    ['features among systems', 'kinds features -', 'kinds systems QQ=='],
    ['a kind twice', 'kind aarch64-linux 4 0', 'kind x86_64-linux 4 0'],
    ['features that are not sorted', ':kvm,nixos-test', ':nixos-test,kvm'],
    ['a feature twice', ':kvm,nixos-test', ':kvm,kvm'],
    ['an empty feature', ':kvm,nixos-test', ':,kvm'],
    ['a count that is none', 'kind aarch64-linux 4 0', 'kind aarch64-linux -4 0'],
    ['a system that is none', 'kind aarch64-linux 4 0', 'kind  4 0'],
    ['a machine twice', 'busy - 1', `busy ${base64('i-0b1')} 1`],
    ['a machine that is not base64', 'busy - 1', 'busy i-0b1 1'],
    ['spoilt steps without their time', ' 3 1795825600', ' 3'],
    ['slots of one machine twice', 'held i-0b1 1', 'held i-0b1 1\nheld i-0b1 2'],
    ['a name that is none', 'held i-0b1 1', 'held i-0b1" 1'],
  ])('is refused with %s', (_, found, instead) => {
    expect(LOOK).toContain(found);
    expect(whyNot(LOOK.replace(found, instead))).toMatch(/: it (begins with "|is empty)/);
  });

  it('never makes the reader throw, whatever it is', () => {
    const lines = fc.constantFrom(...LOOK.split('\n'), '', 'kind', 'busy QQ== 1', 'kind a:b 1 1');
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(lines).map((some) => some.join('\n')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        decodeRustFrame(text);
        const look = decodeLook(text);
        if (!look.ok) expect(look.problem.says).toMatch(/^[ -~…]{1,200}$/);
      }),
      { numRuns: 1000 },
    );
  });
});
