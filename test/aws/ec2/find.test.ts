import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Call, CannedEc2 } from './canned-ec2.ts';
import { listIn, ok, refused, startCannedEc2 } from './canned-ec2.ts';
import { FARM, fleetAt, instanceXml, reservationsXml, tagsXml } from './samples.ts';

let ec2: CannedEc2;
const start = async (answer: (call: Call) => Answer): Promise<CannedEc2> =>
  (ec2 = await startCannedEc2(answer));
afterEach(() => ec2.close());

const OURS = tagsXml({ 'hydra-autoscaler:farm': FARM });
const notFound = (...ids: readonly string[]): Answer =>
  refused('InvalidInstanceID.NotFound', 400, `The instance IDs '${ids.join(', ')}' do not exist`);
const shown = (ids: readonly string[]): Answer =>
  ok('DescribeInstances', reservationsXml(...ids.map((id) => instanceXml(id, 'running', OURS))));
const find = (...ids: readonly string[]) => fleetAt(ec2).find(ids);
const UNKNOWN = { instances: [], denied: new Set() };

describe('machines asked for by id', () => {
  it('are denied by name; the rest is asked again, by ids alone', async () => {
    await start((call) => {
      const ids = listIn(call, 'InstanceId');
      return ids.includes('i-02') ? notFound('i-02', 'i-04') : shown(ids);
    });
    const { instances, denied, problems } = await find('i-01', 'i-02', 'i-03', 'i-04', 'i-01');
    expect(instances.map(({ instanceId }) => instanceId)).toEqual(['i-01', 'i-03']);
    expect(denied).toEqual(new Set(['i-02', 'i-04']));
    expect(problems).toEqual([]);
    expect(ec2.calls.map((call) => listIn(call, 'InstanceId'))).toEqual([
      ['i-01', 'i-02', 'i-03', 'i-04'],
      ['i-01', 'i-03'],
    ]);
    expect(ec2.calls.some((call) => call.has('MaxResults') || call.has('Filter.1.Name'))).toBe(false);
  });

  it('are not denied by an answer that leaves them out', async () => {
    await start(() => shown(['i-01']));
    const { instances, denied } = await find('i-01', 'i-02');
    expect(instances).toHaveLength(1);
    expect(denied).toEqual(new Set());
  });

  it('are untagged where the farm’s tag is gone, or another farm’s', async () => {
    const others = tagsXml({ 'hydra-autoscaler:farm': 'another' });
    await start(() =>
      ok(
        'DescribeInstances',
        reservationsXml(
          instanceXml('i-01', 'running', OURS),
          instanceXml('i-02'),
          instanceXml('i-03', 'running', others),
        ),
      ),
    );
    const { instances } = await find('i-01', 'i-02', 'i-03');
    expect(instances.map(({ untagged }) => untagged)).toEqual([undefined, true, true]);
  });

  it.each([
    ['a refusal', refused('UnauthorizedOperation', 403), 'UnauthorizedOperation'],
    ['a refusal of the words', refused('InvalidInstanceID.Malformed'), 'InvalidInstanceID.Malformed'],
    ['no list', { status: 200, body: '' }, 'without a list'],
    ['an instance without an id', ok('DescribeInstances', reservationsXml('<item/>')), 'without an id'],
    ['a lost connection', 'connection lost', 'no clear answer'],
  ] as const)('are unknown after %s', async (_, answer, words) => {
    await start(() => answer);
    const { problems, ...found } = await find('i-01', 'i-02');
    expect(found).toEqual(UNKNOWN);
    expect(problems).toMatchObject([{ says: expect.stringContaining(words) as unknown }]);
    expect(problems[0]?.says).toContain('DescribeInstances');
  });

  it('are asked for a bounded number of times, whatever EC2 says', async () => {
    let n = 0;
    await start(() => notFound(`i-0${(n += 1)}`));
    const ids = Array.from({ length: 9 }, (_, index) => `i-0${index + 1}`);
    expect((await find(...ids)).denied).toEqual(new Set(['i-01', 'i-02', 'i-03']));
    await ec2.close();
    await start(() => notFound('i-someone-elses'));
    expect(await find('i-01')).toMatchObject(UNKNOWN);
    expect(ec2.calls.length).toBeLessThanOrEqual(3);
  });

  it('are asked a hundred at a time, and one failing batch leaves the others', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `i-${String(index).padStart(3, '0')}`);
    await start((call) => {
      const asked = listIn(call, 'InstanceId');
      return asked.includes('i-100') ? refused('UnauthorizedOperation', 403) : shown(asked);
    });
    const { instances, problems } = await find(...ids);
    expect(instances).toHaveLength(150);
    expect(problems).toHaveLength(1);
  });
});
