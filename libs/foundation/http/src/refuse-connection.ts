import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { TidemarkError } from '#libs/foundation/kernel';
import { knownErrorOf } from './known-error.ts';
import type { ErrorRenderer, ProblemPlace } from './problem.ts';

/** Answers a request whose URL the router cannot read, before any hook or filter could. */
export function refuseUrl(error: unknown, response: ServerResponse, place: ProblemPlace, render: ErrorRenderer): void {
  const answer = render(knownErrorOf(error), place);
  const body = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(body),
    'x-request-id': place.requestId,
  });
  response.end(body);
}

function malformed(code: string | undefined): TidemarkError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new TidemarkError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
  if (code === 'HPE_HEADER_OVERFLOW') return new TidemarkError('REQUEST_TOO_LARGE', 'The headers are too large.');
  return new TidemarkError('REQUEST_INVALID', 'The request is not well-formed HTTP.');
}

/** Answers bytes that Node cannot read as HTTP, and closes the connection. */
export function refuseConnection(
  error: Error & { code?: string },
  socket: Socket,
  requestId: string,
  render: ErrorRenderer,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const answer = render(malformed(error.code), { path: '', requestId });
  const body = JSON.stringify(answer.body);
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    `content-type: ${answer.contentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
