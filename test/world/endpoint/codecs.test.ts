import { describe, expect, it } from 'vitest';
import { decodeAwsJson, encodeAwsJson } from '../../../local/world/endpoint/codec/aws-json.ts';
import { decodeEc2Query } from '../../../local/world/endpoint/codec/ec2-query-decode.ts';
import { operationSchemas } from '../../../local/world/endpoint/codec/schemas.ts';
import { encodeEc2Response } from '../../../local/world/endpoint/codec/xml-encode.ts';
import { ec2Service, ssmService } from '../../../local/world/endpoint/services.ts';
import { refusal } from '../region/bench.ts';

const ec2 = (name: string) => operationSchemas(ec2Service.client, name);
const ssm = (name: string) => operationSchemas(ssmService.client, name);
const decode = (name: string, query: string): unknown =>
  decodeEc2Query(ec2(name).input, new URLSearchParams(query));

describe('an EC2 query', () => {
  it('is read into the members of the SDK’s input', () => {
    const query = [
      'Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=2&EbsOptimized=true',
      'TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=b',
      'SecurityGroupId.2=sg-2&SecurityGroupId.1=sg-1&LaunchTemplate.LaunchTemplateName=builders',
    ].join('&');
    expect(decode('RunInstances', query)).toEqual({
      MinCount: 1,
      MaxCount: 2,
      EbsOptimized: true,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }],
      SecurityGroupIds: ['sg-1', 'sg-2'],
      LaunchTemplate: { LaunchTemplateName: 'builders' },
    });
  });

  it.each([
    ['UnknownParameter', 'MinCount=1&MaxCount=1&InstnaceType=c7i.large'],
    ['UnknownParameter', 'MinCount=1&MaxCount=1&TagSpecification.1.Tagz.1.Key=a'],
    ['UnknownParameter', 'MinCount=1&MaxCount=1&SecurityGroupId.x=sg-1'],
    ['UnknownParameter', 'MinCount=1&MaxCount=1&ImageId.1=ami-1'],
    ['InvalidParameterValue', 'MinCount=one&MaxCount=1'],
    ['InvalidParameterValue', 'MinCount=1&MaxCount=1&EbsOptimized=maybe'],
    ['MissingParameter', 'MinCount=1'],
  ])('is refused as %s: %s', (code, query) => {
    expect(refusal(() => decode('RunInstances', query))).toBe(code);
  });
});

describe('an XML answer', () => {
  const encode = (name: string, output: unknown): string =>
    encodeEc2Response(name, ec2(name).output, output, 'r-1');

  it('has the names and forms of AWS', () => {
    const date = new Date('2027-01-15T08:00:00Z');
    const xml = encode('DescribeInstances', {
      Reservations: [{ Instances: [{ InstanceId: 'i-1', LaunchTime: date, KeyName: 'a<b&"c"', Tags: [] }] }],
    });
    expect(xml).toContain(
      '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>',
    );
    expect(xml).toContain(
      '<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><launchTime>2027-01-15T08:00:00.000Z</launchTime><keyName>a&lt;b&amp;&quot;c&quot;</keyName><tagSet></tagSet></item></instancesSet></item></reservationSet>',
    );
  });

  it.each([
    ['an unknown member', { Reservation: [] }],
    ['an unknown member deep inside', { Reservations: [{ Instances: [{ InstanceID: 'i-1' }] }] }],
    ['a wrong type', { Reservations: [{ Instances: [{ AmiLaunchIndex: '0' }] }] }],
    ['no list', { Reservations: {} }],
    ['no structure', { Reservations: ['r-1'] }],
    ['no date', { Reservations: [{ Instances: [{ LaunchTime: 'now' }] }] }],
  ])('with %s is a bug of ours and never sent', (_, output) => {
    expect(() => encode('DescribeInstances', output)).toThrow('must be');
  });
});

describe('a JSON request', () => {
  const decodeJson = (name: string, value: unknown): unknown =>
    decodeAwsJson(ssm(name).input, JSON.stringify(value));

  it('is read by the schema', () => {
    const input = {
      DocumentName: 'd',
      InstanceIds: ['i-1'],
      Parameters: { x: ['1', '2'] },
      TimeoutSeconds: 30,
      Comment: null,
    };
    expect(decodeJson('SendCommand', input)).toEqual({
      DocumentName: 'd',
      InstanceIds: ['i-1'],
      Parameters: { x: ['1', '2'] },
      TimeoutSeconds: 30,
    });
  });

  it.each([
    ['SerializationException', { DocumentName: 'd', Parameters: { commands: 'ls' } }],
    ['SerializationException', { DocumentName: 'd', InstanceId: 'i-1' }],
    ['SerializationException', { DocumentName: 7 }],
    ['SerializationException', { DocumentName: 'd', Targets: ['x'] }],
    ['SerializationException', 'text'],
    ['ValidationException', {}],
  ])('is refused as %s: %o', (code, value) => {
    expect(refusal(() => decodeJson('SendCommand', value))).toBe(code);
  });

  it('must be JSON', () => {
    expect(refusal(() => decodeAwsJson(ssm('ListCommands').input, '{'))).toBe('SerializationException');
    expect(decodeAwsJson(ssm('ListCommands').input, '')).toEqual({});
  });
});

describe('a JSON answer', () => {
  it('has times in seconds and leaves out what is undefined', () => {
    const text = encodeAwsJson(ssm('ListCommands').output, {
      Commands: [{ CommandId: 'c', RequestedDateTime: new Date(1_800_000_000_500), Comment: undefined }],
    });
    expect(JSON.parse(text)).toEqual({ Commands: [{ CommandId: 'c', RequestedDateTime: 1_800_000_000.5 }] });
  });

  it.each([{ Command: [] }, { Commands: [{ TargetCount: '1' }] }, { Commands: [[]] }])(
    'that the schema does not know is never sent: %o',
    (output) => {
      expect(() => encodeAwsJson(ssm('ListCommands').output, output)).toThrow('must be');
    },
  );
});
