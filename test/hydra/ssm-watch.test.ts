/** The watch as a command that nobody waits for: what is sent, what is made of its end, and what of AWS's refusals. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentContent } from '../../infra/documents/documents.ts';
import { documentContent } from '../../infra/documents/documents.ts';
import type { WatchTerms } from '../../lambdas/ports.ts';
import { SsmWatch } from '../../lambdas/hydra/ssm-watch.ts';
import { ScratchHost } from '../fakes/scratch-host.ts';
import { SsmStandIn } from '../fakes/ssm.ts';
import { steps } from '../core/given.ts';

/** The real parameters of the document, and this script. */
const printing = (host: ScratchHost, script: string): DocumentContent => {
  const content = documentContent('watch', host.farm());
  const inputs = { timeoutSeconds: '45', runCommand: [script] };
  return { ...content, mainSteps: [{ ...content.mainSteps[0], inputs }] };
};

const TERMS: WatchTerms = {
  watched: {
    ...{ runner: 'rust', since: 1_800_000_000.75, unsupported: 0, failing: ['i-00000001'], quiet: [] },
    kinds: [{ step: steps('x86_64-linux', 1), most: 4 }],
  },
  ...{ turn: 7001, seconds: 320, delaySeconds: 15 },
};

let ssm: SsmStandIn;
let host: ScratchHost;
let watch: SsmWatch;
beforeEach(async () => {
  host = new ScratchHost();
  ssm = await SsmStandIn.start();
  ssm.node('i-1', host);
  watch = new SsmWatch({ client: ssm.client(), instanceId: 'i-1', document: 'watch' });
});
afterEach(async () => {
  await ssm.stop();
  host.remove();
});

async function left(script: string): Promise<string> {
  ssm.document('watch', printing(host, script));
  const id = await watch.leave(TERMS);
  if (!id.ok) throw new Error(id.problem.says);
  return id.value;
}

describe('the watch over SSM', () => {
  it('is told what to wait for, in parameters that the document allows', async () => {
    await left('exit 0');
    const sent = ssm.sent[0]?.Parameters ?? {};
    expect(sent).toMatchObject({
      ...{ runner: ['rust'], since: ['1800000000'], turn: ['7001'], seconds: ['320'], delay: ['15'] },
    });
    expect(Buffer.from(sent['watched']?.[0] ?? '', 'base64').toString()).toBe(
      'unsupported 0\nkind x86_64-linux 4\nfailed i-00000001\n',
    );
    // Nobody waits for it.
    expect(ssm.calls).toEqual(['SendCommand']);
  });

  it('that has found something is asked what, and not cancelled', async () => {
    const id = await left(String.raw`printf 'hydra-autoscaler 1 watch\nmore x86_64-linux 5\n'`);
    expect(await watch.end(id)).toEqual({ found: '5 steps of x86_64-linux could start' });
    expect(ssm.calls).toEqual(['SendCommand', 'GetCommandInvocation']);
  });

  it('that has ended otherwise is left alone', async () => {
    const id = await left('exit 75');
    expect(await watch.end(id)).toEqual({});
    expect(ssm.calls).not.toContain('CancelCommand');
  });

  it('that is still there is cancelled, and so is one of which SSM knows nothing yet', async () => {
    ssm.instead.set('i-1', 'InProgress');
    const id = await left('exit 0');
    await watch.end(id);
    expect(ssm.calls.at(-1)).toBe('CancelCommand');
    ssm.forgetfulReads = 1;
    await watch.end(id);
    expect(ssm.calls.slice(-2)).toEqual(['GetCommandInvocation', 'CancelCommand']);
  });

  it('never throws: what AWS refuses is a problem', async () => {
    const id = await left('exit 0');
    ssm.failNext('SendCommand', { code: 'ThrottlingException' });
    expect(await watch.leave(TERMS)).toMatchObject({
      ok: false,
      problem: { says: expect.any(String) as unknown },
    });
    ssm.failNext('GetCommandInvocation', { code: 'AccessDeniedException' });
    ssm.failNext('CancelCommand', { code: 'AccessDeniedException' });
    expect((await watch.end(id)).problem?.says).toMatch(/AccessDenied/);
  });
});
