/** What goes back to the caller, and how errors look on each wire. */

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything else is the caller's fault, 400. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  MissingAuthenticationToken: 403,
  ResourceNotFoundException: 404,
  UnauthorizedOperation: 403,
  AuthFailure: 403,
  DryRunOperation: 412,
  // A shortage is a fault of the server to EC2, which makes SDK clients ask again.
  InsufficientInstanceCapacity: 500,
  InternalError: 500,
  InternalServerError: 500,
  InternalFailure: 500,
  ServiceException: 500,
  RequestLimitExceeded: 503,
  Unavailable: 503,
  ServiceUnavailable: 503,
};

export const statusOf = (code: string): number => STATUS_BY_CODE[code] ?? 400;

export const xmlReply = (status: number, body: string): Reply => ({
  status,
  contentType: 'text/xml;charset=UTF-8',
  body,
});

export const jsonReply = (status: number, body: string): Reply => ({
  status,
  contentType: 'application/x-amz-json-1.1',
  body,
});
