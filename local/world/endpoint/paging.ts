/** Pages of Describe and List calls, with tokens that fit only the call they came from. */
import { RegionError } from '../region/errors.ts';
import { fingerprint } from '../region/idempotency.ts';

interface PageRequest {
  readonly maxResults: number | undefined;
  readonly nextToken: string | undefined;
  readonly question: unknown;
}

export interface PageLimits {
  readonly min: number;
  readonly max: number;
  /** Page size when none is asked for; absent for one page with everything. */
  readonly default?: number;
  /** The names AWS uses for these mistakes in this service. */
  readonly badSizeCode: string;
  readonly badTokenCode: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string | undefined;
}

export const EC2_PAGES: PageLimits = {
  min: 5,
  max: 1000,
  badSizeCode: 'InvalidParameterValue',
  badTokenCode: 'InvalidParameterValue',
};

export const ssmPages = (min: number, max: number): PageLimits => ({
  min,
  max,
  default: max,
  badSizeCode: 'ValidationException',
  badTokenCode: 'InvalidNextToken',
});

/** The paging members that the inputs of both services have. */
export interface PagedInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** What a page is wanted of. */
export interface Asked {
  readonly input: PagedInput;
  /** What was asked for, without the paging: a token of another question is refused. */
  readonly question: unknown;
}

/**
 * One page of `items`, in the order of `idOf`, so that items may come and go between two pages.
 * @throws RegionError for a bad size or a token of another question
 */
export function page<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  { input, question }: Asked,
  limits: PageLimits = EC2_PAGES,
): Page<T> {
  const request = { maxResults: input.MaxResults, nextToken: input.NextToken, question };
  const size = pageSize(request, limits);
  const after = request.nextToken === undefined ? undefined : readToken(request, limits);
  const rest = items
    .filter((item) => after === undefined || idOf(item) > after)
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  if (shown.length === rest.length || last === undefined) return { items: shown };
  return { items: shown, nextToken: makeToken(idOf(last), request.question) };
}

function pageSize({ maxResults }: PageRequest, limits: PageLimits): number {
  if (maxResults === undefined) return limits.default ?? Infinity;
  if (Number.isInteger(maxResults) && maxResults >= limits.min && maxResults <= limits.max) return maxResults;
  throw new RegionError(
    limits.badSizeCode,
    `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between ${limits.min} and ${limits.max}.`,
  );
}

const makeToken = (after: string, question: unknown): string =>
  Buffer.from(JSON.stringify([after, fingerprint(question)])).toString('base64url');

function readToken({ nextToken = '', question }: PageRequest, limits: PageLimits): string {
  const content = parse(Buffer.from(nextToken, 'base64url').toString());
  if (Array.isArray(content) && typeof content[0] === 'string' && content[1] === fingerprint(question)) {
    return content[0];
  }
  throw new RegionError(limits.badTokenCode, 'The token is invalid or belongs to another request.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
