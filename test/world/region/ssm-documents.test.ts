import { describe, expect, it } from 'vitest';
import { parseDocumentContent } from '../../../local/world/region/ssm/document-content.ts';
import { checkParameters, makeScript } from '../../../local/world/region/ssm/script.ts';
import { START, exited, refusal } from './bench.ts';
import { SsmBench, documentText } from './ssm-bench.ts';

/** The script a document makes of these parameters. */
function script(text: string, given: Record<string, string[]> = {}, setsEnvironment = false) {
  const content = parseDocumentContent(text);
  return makeScript(content, checkParameters(content, given), setsEnvironment);
}

describe('parameters', () => {
  it('are put into the script as they are, which is why they need a pattern', () => {
    const free = documentText(['echo {{ x }}', 'echo "{{x}}-{{ y }}"'], {
      x: { type: 'String' },
      y: { type: 'String', default: 'why' },
    });
    expect(script(free, { x: ['$(rm -rf /)'] }).text).toBe('echo $(rm -rf /)\necho "$(rm -rf /)-why"');
  });

  it.each([
    ['a; rm -rf /', 'x'],
    ['$(id)', 'x'],
    ['line\nbreak', 'x'],
    ['{{ y }}', 'x'],
  ])('that do not match the allowed pattern are refused: %o', (value, name) => {
    const guarded = documentText(['echo {{ x }}'], {
      x: { type: 'String', allowedPattern: '^[A-Za-z0-9+/=]*$' },
    });
    expect(refusal(() => script(guarded, { [name]: [value] }))).toBe('InvalidParameters');
    expect(script(guarded, { x: ['aGVsbG8='] }).text).toBe('echo aGVsbG8=');
  });

  it('never put in what they contain a second time', () => {
    const two = documentText(['{{ x }} {{ y }}'], { x: { type: 'String' }, y: { type: 'String' } });
    expect(script(two, { x: ['{{ y }}'], y: ['z'] }).text).toBe('{{ y }} z');
  });

  it('lose dollars inside a text, as in the agent, but not when they are all of it', () => {
    const both = documentText(['{{ x }}', 'a {{ x }}'], { x: { type: 'String' } });
    expect(script(both, { x: ['$$ $HOME ${A} $0'] }).text).toBe('$$ $HOME ${A} $0\na $   {{ x }}');
  });

  it('of list type spread when they are a whole line, and are JSON inside one', () => {
    const list = documentText(['{{ x }}', 'echo {{ x }}'], { x: { type: 'StringList' } });
    expect(script(list, { x: ['one', 'two'] }).text).toBe('one\ntwo\necho ["one","two"]');
  });

  it('of type ENV_VAR stay out of the script where the agent is new enough', () => {
    const text = documentText(['echo "{{ x }}"'], { x: { type: 'String', interpolationType: 'ENV_VAR' } });
    const given = { x: ['"; rm -rf /"'] };
    expect(script(text, given, true)).toMatchObject({
      text: 'echo "${SSM_x}"',
      environment: { SSM_x: '"; rm -rf /"' },
    });
    expect(script(text, given, false)).toMatchObject({ text: 'echo ""; rm -rf /""', environment: {} });
  });

  it.each([
    ['3.3.2745.9', {}],
    ['3.3.2746.0', { SSM_x: 'v' }],
    ['4.0', { SSM_x: 'v' }],
  ])('agent %s', (ssmAgentVersion, environment) => {
    const bench = new SsmBench({ ssmAgentVersion });
    bench.document('env', documentText(['true'], { x: { type: 'String', interpolationType: 'ENV_VAR' } }));
    bench.executor.reply = () => exited(0);
    bench.send({ documentName: 'env', parameters: { x: ['v'] } });
    bench.advance(1);
    expect(bench.executor.jobs[0]?.environment).toMatchObject(environment);
    expect('SSM_x' in (bench.executor.jobs[0]?.environment ?? {})).toBe('SSM_x' in environment);
  });

  it('are all named when they are wrong', () => {
    const text = documentText(['true'], {
      mode: { type: 'String', allowedValues: ['on', 'off'] },
      name: { type: 'String', minChars: 2, maxChars: 3 },
      list: { type: 'StringList', minItems: 1, maxItems: 2 },
      one: { type: 'String' },
    });
    const content = parseDocumentContent(text);
    const given = { mode: ['maybe'], name: ['x'], list: ['a', 'b', 'c'], one: ['1', '2'], other: ['x'] };
    let message = '';
    try {
      checkParameters(content, given);
    } catch (error) {
      message = String(error);
    }
    for (const part of [
      'mode must be one of',
      'name must have 2 to 3',
      'list must have 1 to 2',
      'one must have exactly',
      'other is not defined',
    ]) {
      expect(message).toContain(part);
    }
    expect(refusal(() => checkParameters(content, {}))).toBe('InvalidParameters');
  });
});

describe('the execution time limit', () => {
  it.each([
    ['45', 45],
    ['172800', 172_800],
    ['4', 3600],
    ['172801', 3600],
    ['ten', 3600],
    ['{{ t }}', 7],
  ])('%s is %i s', (written, seconds) => {
    const text = documentText(['true'], { t: { type: 'String', default: '7' } }, written);
    expect(script(text).timeoutSeconds).toBe(seconds);
  });
});

describe('a document', () => {
  it.each([
    ['InvalidDocumentContent', 'no JSON'],
    ['InvalidDocumentContent', '{}'],
    ['InvalidDocumentContent', documentText(['true']).replace('2.2', '1.2')],
    ['InvalidDocumentContent', documentText(['true']).replace('runShellScript', 'runPowerShellScript')],
    ['InvalidDocumentContent', documentText(['true'], { 'a-b': { type: 'String' } })],
    ['InvalidDocumentContent', documentText(['true'], { x: { type: 'String', allowedPattern: '(' } })],
    ['InvalidDocumentContent', documentText(['true'], { x: { type: 'String', allowedPatern: 'x' } })],
    ['MaxDocumentSizeExceeded', documentText(['x'.repeat(70_000)])],
  ])('is refused as %s: %s', (code, text) => {
    const { documents } = new SsmBench().region.ssm;
    expect(refusal(() => documents.create('name', text, START))).toBe(code);
  });

  it.each(['aws-x', 'AmazonX', 'AWSSupportX', 'x', 'with space'])('cannot be called %s', (name) => {
    const { documents } = new SsmBench().region.ssm;
    expect(refusal(() => documents.create(name, documentText(['true']), START))).toBe('ValidationException');
  });

  it('has versions; the default one runs until it is changed', () => {
    const bench = new SsmBench();
    bench.executor.reply = () => exited(0);
    const { documents } = bench.region.ssm;
    const scriptOf = (documentVersion?: string): string | undefined => {
      bench.send({ documentVersion });
      bench.advance(1);
      return bench.executor.jobs.at(-1)?.script;
    };
    documents.update('try', documentText(['echo two']), START);
    expect([scriptOf(), scriptOf('$LATEST'), scriptOf('2')]).toEqual(['echo hello', 'echo two', 'echo two']);
    documents.setDefaultVersion('try', '2');
    expect(scriptOf()).toBe('echo two');
    expect(refusal(() => documents.update('try', documentText(['echo hello']), START))).toBe(
      'DuplicateDocumentContent',
    );
    expect(refusal(() => documents.create('try', documentText(['true']), START))).toBe(
      'DocumentAlreadyExists',
    );
    documents.delete('try');
    expect(refusal(() => bench.send())).toBe('InvalidDocument');
  });

  it('of AWS runs any commands and cannot be changed', () => {
    const bench = new SsmBench();
    bench.send({
      documentName: 'AWS-RunShellScript',
      parameters: { commands: ['a', 'b'], executionTimeout: ['60'] },
    });
    bench.advance(1);
    expect(bench.executor.jobs[0]).toMatchObject({
      script: 'a\nb',
      timeoutSeconds: 60,
      workingDirectory: undefined,
    });
    expect(refusal(() => bench.region.ssm.documents.delete('AWS-RunShellScript'))).toBe(
      'InvalidDocumentOperation',
    );
  });
});
