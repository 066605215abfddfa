/** From a document and parameters to a script, as the service checks and the agent substitutes. */
import { RegionError } from '../errors.ts';
import type { DocumentContent, DocumentParameter } from './document-content.ts';

export type ParameterValue = string | readonly string[];

export interface Script {
  readonly text: string;
  readonly timeoutSeconds: number;
  readonly workingDirectory?: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

const TIMEOUT_SECONDS_DEFAULT = 3600;
const TIMEOUT_SECONDS_MIN = 5;
const TIMEOUT_SECONDS_MAX = 172_800;

/**
 * The value of every parameter of the document, given or by default.
 * @throws RegionError `InvalidParameters` that names all parameters at fault
 */
export function checkParameters(
  content: DocumentContent,
  given: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, ParameterValue> {
  const declared = content.parameters ?? {};
  const problems = Object.keys(given)
    .filter((name) => declared[name] === undefined)
    .map((name) => `${name} is not defined in the document`);
  const values = new Map<string, ParameterValue>();
  for (const [name, parameter] of Object.entries(declared)) {
    const value = valueOf(parameter, given[name]);
    problems.push(...problemsOf(parameter, value).map((problem) => `${name} ${problem}`));
    if (value !== undefined) values.set(name, value);
  }
  if (problems.length === 0) return values;
  throw new RegionError('InvalidParameters', `Parameters are invalid: ${problems.join('; ')}`);
}

function valueOf(
  parameter: DocumentParameter,
  given: readonly string[] | undefined,
): ParameterValue | undefined {
  if (given === undefined) return parameter.default;
  if (parameter.type === 'StringList') return given;
  return given.length === 1 ? given[0] : given;
}

function problemsOf(parameter: DocumentParameter, value: ParameterValue | undefined): readonly string[] {
  if (value === undefined) return ['is required and has no default'];
  if (parameter.type === 'String' && typeof value !== 'string') return ['must have exactly one value'];
  const items = typeof value === 'string' ? [value] : value;
  const { minItems = 0, maxItems = Infinity } = parameter;
  const isList = parameter.type === 'StringList';
  return [
    ...(isList && (items.length < minItems || items.length > maxItems)
      ? [`must have ${minItems} to ${maxItems} values, not ${items.length}`]
      : []),
    ...items.flatMap((item) => problemsOfItem(parameter, item)),
  ];
}

function problemsOfItem(parameter: DocumentParameter, item: string): readonly string[] {
  const { allowedPattern, allowedValues, minChars = 0, maxChars = Infinity } = parameter;
  return [
    ...(allowedPattern !== undefined && !new RegExp(allowedPattern).test(item)
      ? [`does not match the allowedPattern ${allowedPattern}`]
      : []),
    ...(allowedValues !== undefined && !allowedValues.includes(item)
      ? [`must be one of ${allowedValues.join(', ')}`]
      : []),
    ...(item.length < minChars || item.length > maxChars
      ? [`must have ${minChars} to ${maxChars} characters, not ${item.length}`]
      : []),
  ];
}

/** What `{{ name }}` becomes. `isReference`: the value itself comes in the environment, out of the text's reach. */
interface Replacement {
  readonly value: ParameterValue;
  readonly isReference: boolean;
}

/** The script a node runs. `setsEnvironment`: its agent is new enough for `interpolationType: ENV_VAR`. */
export function makeScript(
  content: DocumentContent,
  values: ReadonlyMap<string, ParameterValue>,
  setsEnvironment: boolean,
): Script {
  const environment: Record<string, string> = {};
  const replacements = new Map<string, Replacement>();
  for (const [name, value] of values) {
    const isReference = setsEnvironment && content.parameters?.[name]?.interpolationType === 'ENV_VAR';
    if (isReference) environment[`SSM_${name}`] = asText(value);
    replacements.set(name, { value: isReference ? `\${SSM_${name}}` : value, isReference });
  }
  const { runCommand, timeoutSeconds, workingDirectory } = content.mainSteps[0].inputs;
  const commands = typeof runCommand === 'string' ? [runCommand] : runCommand;
  return {
    text: commands.flatMap((command) => substitute(command, replacements)).join('\n'),
    timeoutSeconds: executionTimeout(substituteText(String(timeoutSeconds ?? ''), replacements)),
    workingDirectory: substituteText(workingDirectory ?? '', replacements) || undefined,
    environment,
  };
}

/** A text that is nothing but one parameter becomes its value, list or not. */
function substitute(text: string, replacements: ReadonlyMap<string, Replacement>): readonly string[] {
  const whole = replacements.get(/^\{\{\s*([a-zA-Z0-9]+)\s*\}\}$/.exec(text)?.[1] ?? '');
  if (whole === undefined) return [substituteText(text, replacements)];
  return typeof whole.value === 'string' ? [whole.value] : whole.value;
}

/** Raw text substitution, as the agent does it: what a value contains becomes part of the script. */
function substituteText(text: string, replacements: ReadonlyMap<string, Replacement>): string {
  return text.replace(/\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g, (match, name: string) => {
    const replacement = replacements.get(name);
    if (replacement === undefined) return match;
    const value = asText(replacement.value);
    return match === text || replacement.isReference ? value : expandDollars(value, match);
  });
}

const asText = (value: ParameterValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The agent puts values through Go's replacement templates: `$$` is a dollar, `$0` the match, other `$name`s vanish. */
const expandDollars = (value: string, match: string): string =>
  value.replace(/\$(\$|\{(\w+)\}|(\w+))/g, (_whole, sign: string, braced?: string, plain?: string) => {
    if (sign === '$') return '$';
    return (braced ?? plain) === '0' ? match : '';
  });

/** Anything but a whole number of seconds in range silently becomes an hour (read in the agent's source). */
function executionTimeout(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const isInRange = seconds >= TIMEOUT_SECONDS_MIN && seconds <= TIMEOUT_SECONDS_MAX;
  return isInRange ? seconds : TIMEOUT_SECONDS_DEFAULT;
}
