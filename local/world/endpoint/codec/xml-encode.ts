/** Answers in XML, written by the operation's schema: a member the schema does not know is a mistake of ours. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { WrongOutputError, isRecord } from './wrong-output.ts';

const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** @throws WrongOutputError for an output the SDK could not read back whole */
export function encodeEc2Response(
  action: string,
  schema: NormalizedSchema,
  output: unknown,
  requestId: string,
): string {
  const body = schema.isUnitSchema() ? '' : encodeMembers(schema, output, action);
  const requestIdXml = element('requestId', escapeXml(requestId));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${EC2_NAMESPACE}">${requestIdXml}${body}</${action}Response>`;
}

/** What EC2 says when it refuses. */
export function encodeEc2Error(code: string, message: string, requestId: string): string {
  const error = element('Error', element('Code', escapeXml(code)) + element('Message', escapeXml(message)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('Response', element('Errors', error) + element('RequestID', escapeXml(requestId)))}`;
}

/** What services of the `awsQuery` protocol say when they refuse. */
export function encodeQueryError(code: string, message: string, requestId: string): string {
  const error = element('Type', 'Sender') + element('Code', code) + element('Message', escapeXml(message));
  return element('ErrorResponse', element('Error', error) + element('RequestId', escapeXml(requestId)));
}

export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** Also keeps out the control characters XML cannot carry. */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(/\r/g, '&#13;')
    .replace(/[^\t\n\x20-\uffff]/g, '');
}

function encodeMembers(schema: NormalizedSchema, value: unknown, path: string): string {
  if (!isRecord(value)) throw new WrongOutputError(path, 'a structure', value);
  const members = new Map(schema.structIterator());
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => {
      const memberSchema = members.get(name);
      if (memberSchema === undefined) throw new WrongOutputError(`${path}.${name}`, 'nothing', member);
      const key = memberSchema.getMemberTraits().xmlName ?? name;
      return element(key, encodeValue(memberSchema, member, `${path}.${name}`));
    })
    .join('');
}

function encodeValue(schema: NormalizedSchema, value: unknown, path: string): string {
  if (schema.isStructSchema()) return encodeMembers(schema, value, path);
  if (schema.isListSchema()) return encodeList(schema, value, path);
  if (schema.isTimestampSchema() && value instanceof Date) return value.toISOString();
  if (schema.isBlobSchema() && value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (schema.isBooleanSchema() && typeof value === 'boolean') return String(value);
  if (schema.isNumericSchema() && typeof value === 'number') return String(value);
  if (schema.isStringSchema() && typeof value === 'string') return escapeXml(value);
  throw new WrongOutputError(path, schema.getName() ?? 'another type', value);
}

function encodeList(schema: NormalizedSchema, value: unknown, path: string): string {
  if (!Array.isArray(value)) throw new WrongOutputError(path, 'a list', value);
  const member = schema.getValueSchema();
  const name = member.getMergedTraits().xmlName ?? 'member';
  return value
    .map((item: unknown, index) => element(name, encodeValue(member, item, `${path}[${index}]`)))
    .join('');
}
