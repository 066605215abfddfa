/** The tags by which our instances are found again, and EC2's own, by which they are believed. */

/** Whose instance it is: the configuration's `tag`. */
export const FARM_TAG = 'hydra-autoscaler:farm';
/** The machine type, as {@link typeToTagValue} writes it. */
export const TYPE_TAG = 'hydra-autoscaler:type';
/** The id of the launch it came from. */
export const LAUNCH_TAG = 'hydra-autoscaler:launch';
/** The name people see in the EC2 console. */
export const NAME_TAG = 'Name';

/**
 * Which launch template an instance was launched from. EC2 writes it, and nothing else can
 * (AWS: docs/develop/facts.md#ec2-marks-of-its-own).
 */
export const TEMPLATE_MARK = 'aws:ec2launchtemplate:id';
/** Which fleet launched it; likewise. All our launches are fleets. */
export const FLEET_MARK = 'aws:ec2:fleet-id';

/** What everything a launch makes is tagged with, whatever the launch. */
export interface FarmTags {
  /** The configuration's `tag`. */
  readonly farm: string;
  /** The user's own, such as those an organisation demands of every resource. */
  readonly others?: Readonly<Record<string, string>>;
}

/** The longest tag value AWS takes, in characters (AWS: docs/develop/facts.md#ec2-tag-values). */
const LONGEST_VALUE = 256;

/**
 * The key of a machine type as a tag value. A comma is not among the characters that every AWS service takes in a
 * tag value (letters, digits, spaces and `_ . : / = + - @`), so it becomes a `/`, which no type key contains.
 * @throws RangeError when the key itself contains a `/`: two types would share one value.
 */
export function typeToTagValue(type: string): string {
  if (type.includes('/'))
    throw new RangeError(`the machine type "${type}" contains "/", which no type key may`);
  return type.replaceAll(',', '/');
}

/** The machine type a tag value names; a comma written by hand is taken as it is. */
export const typeFromTagValue = (value: string): string => value.replaceAll('/', ',');

/** What an instance of `type` is called in the console. */
export const instanceName = (type: string): string =>
  `hydra builder ${type.replaceAll(',', '/')}`.slice(0, LONGEST_VALUE);
