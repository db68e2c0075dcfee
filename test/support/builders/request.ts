import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';

export interface RequestOptions {
  readonly headers?: IncomingHttpHeaders;
  readonly method?: string;
  readonly url?: string;
  /** Where its connection is from, and where it has arrived; this machine unless it is said. */
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
}

/** A request as Node gives it to a server, whose connection was never made. */
export function httpRequest(options: RequestOptions = {}): IncomingMessage {
  const { headers = {}, method = 'GET', url = '/', ...addresses } = options;
  const { remoteAddress, localAddress } = {
    remoteAddress: '127.0.0.1',
    localAddress: '127.0.0.1',
    ...addresses,
  };
  const socket = Object.defineProperties(new Socket(), {
    remoteAddress: { value: remoteAddress },
    localAddress: { value: localAddress },
  });
  return Object.assign(new IncomingMessage(socket), { headers, method, url });
}

export function responseTo(request: IncomingMessage): ServerResponse {
  return new ServerResponse(request);
}
