import type { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import { operationSchemas, requiredMembers } from '../../../local/world/endpoint/codec/schemas.ts';
import type { Service } from '../../../local/world/endpoint/dispatch.ts';
import { ec2Service, serviceQuotasService, ssmService } from '../../../local/world/endpoint/services.ts';

/** Visits a schema and everything in it, and fails on anything of a kind the codecs do not know. */
function walk(schema: NormalizedSchema, path: string, seen: Set<unknown>): number {
  const raw = schema.getSchema();
  if (typeof raw === 'object' && seen.has(raw)) return 0;
  if (typeof raw === 'object') seen.add(raw);
  if (schema.isStructSchema()) {
    const members = [...schema.structIterator()];
    const required = requiredMembers(schema);
    for (const name of required) expect(members.map(([member]) => member)).toContain(name);
    return members.reduce((sum, [name, member]) => sum + walk(member, `${path}.${name}`, seen), 1);
  }
  if (schema.isListSchema()) return walk(schema.getValueSchema(), `${path}[]`, seen);
  if (schema.isMapSchema()) return walk(schema.getValueSchema(), `${path}{}`, seen);
  const isKnown =
    schema.isStringSchema() ||
    schema.isBooleanSchema() ||
    schema.isNumericSchema() ||
    schema.isTimestampSchema() ||
    schema.isBlobSchema() ||
    schema.isUnitSchema();
  if (!isKnown) throw new Error(`${path} is of a kind no codec knows`);
  return 0;
}

const cases = (service: Service): readonly [string, Service][] =>
  Object.keys(service.actions).map((name) => [name, service]);

describe('the SDK’s runtime schemas', () => {
  it.each([...cases(ec2Service), ...cases(ssmService), ...cases(serviceQuotasService)])(
    'of %s are built as the codecs expect',
    (name, service) => {
      const { input, output } = operationSchemas(service.client, name);
      expect(walk(input, `${name} input`, new Set())).toBeGreaterThan(0);
      expect(walk(output, `${name} output`, new Set())).toBeGreaterThanOrEqual(0);
    },
  );

  it('say which members are required', () => {
    const required = (service: Service, name: string): readonly string[] =>
      requiredMembers(operationSchemas(service.client, name).input);
    expect(required(ec2Service, 'RunInstances')).toEqual(['MaxCount', 'MinCount']);
    expect(required(ec2Service, 'CreateFleet')).toEqual([
      'LaunchTemplateConfigs',
      'TargetCapacitySpecification',
    ]);
    expect(required(ssmService, 'SendCommand')).toEqual(['DocumentName']);
    expect(required(serviceQuotasService, 'GetServiceQuota')).toEqual(['ServiceCode', 'QuotaCode']);
    expect(required(ec2Service, 'DescribeInstances')).toEqual([]);
  });

  it('are missing for operations that do not exist', () => {
    expect(() => operationSchemas(ec2Service.client, 'RunInstance')).toThrow('RunInstance$');
    expect(() => operationSchemas({ RunInstances$: [9, 'x'] }, 'RunInstances')).toThrow(
      'not built as expected',
    );
  });
});
