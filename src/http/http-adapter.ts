import { ExpressAdapter } from '@nestjs/platform-express';
import type { Application, NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { identify } from '../common/auth/request-id.js';
import { isCallPath } from '../common/auth/route-access.js';
import { answerClientError, refuseExpectation, refuseTunnel } from './client-error.js';
import { ConnectionLimit } from './connections/connection-limit.js';
import { answerHalfClosed } from './connections/half-closed.js';
import { boundUnreadBody } from './connections/unread-body.js';
import type { HttpSettings } from './http.settings.js';

/** Takes a request and answers it, or returns false and has done nothing: then it goes the framework's way. */
type DirectRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

/** How often connections are looked at for their time limits: a limit is kept within this much. */
const connectionsCheckMs = 500;

/** After how long without a word from a client its kernel is asked whether it is still there, each second, ten times. */
const askSilentAfterMs = 60_000;

/**
 * Connections that the kernel keeps for the server until it takes them. Of a burst beyond Node's 511, which comes while
 * the server is busy for a moment, the kernel drops what opens a connection, and clients try again after one second, three, seven.
 * Linux allows as many by itself (`net.core.somaxconn`), and cuts what is more than it allows.
 */
const untakenConnections = 4096;

/** Express on a server with limits. Node takes some of them only when the server is made, so it is made here. */
export class LimitedHttpAdapter extends ExpressAdapter {
  private takesDirectly: DirectRoute = () => false;

  constructor(private readonly settings: HttpSettings) {
    super();
    const application = this.getInstance<Application>();
    application.disable('x-powered-by');
    application.disable('etag');
    application.set('trust proxy', false);
    application.set('query parser', 'simple');
    application.use(sendTimeout(settings.sendTimeoutMs));
    application.use(responseHeaders);
  }

  /** Requests that `route` takes are seen neither by Express nor by the framework: what stands before routes is its own. */
  serveDirectly(route: DirectRoute): void {
    this.takesDirectly = route;
  }

  /** As Nest calls it: with a host or without one, and then what to call once it listens. */
  override listen(port: string | number, ...given: readonly (string | (() => void) | undefined)[]): Server {
    const host = given.find((one) => typeof one === 'string');
    const onListening = given.find((one) => typeof one === 'function');
    return this.httpServer.listen({ port: Number(port), host, backlog: untakenConnections }, onListening);
  }

  override initHttpServer(): void {
    const application = this.getInstance<Application>();
    this.httpServer = limitedServer(this.settings, (request, response) => {
      // What follows on the connection could be of the other protocol, and is not read.
      if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
      if (!this.takesDirectly(request, response)) application(request, response);
    });
  }
}

function limitedServer(settings: HttpSettings, onRequest: RequestListener): Server {
  const connections = new ConnectionLimit(settings.connections);
  const server = createServer(
    {
      maxHeaderSize: settings.headerBytes,
      // Headers are a part of the request, which Node holds us to.
      headersTimeout: Math.min(settings.headersTimeoutMs, settings.requestTimeoutMs),
      requestTimeout: settings.requestTimeoutMs,
      keepAliveTimeout: settings.keepAliveTimeoutMs,
      connectionsCheckingInterval: connectionsCheckMs,
      // Looked at with the other checks of every request, which say so to the client.
      requireHostHeader: false,
      insecureHTTPParser: false,
      // A call's answer is often one small write, which must not wait for the client's acknowledgement.
      noDelay: true,
      // A client whose machine or network is gone says nothing: asked so, its silence ends the connection.
      keepAlive: true,
      keepAliveInitialDelay: askSilentAfterMs,
    },
    (request, response) => {
      if (!connections.begin(request, response)) return;
      boundUnreadBody(request, response);
      onRequest(request, response);
    },
  );
  server.maxHeadersCount = settings.headers;
  connections.attachTo(server);
  answerHalfClosed(server);
  server.on('clientError', answerClientError);
  server.on('connect', refuseTunnel);
  server.on('checkExpectation', refuseExpectation);
  return server;
}

/** The server speaks plain HTTP, so headers that would send browsers to HTTPS would only break its pages. */
const secureHeaders = helmet({
  strictTransportSecurity: false,
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
});

/** What every response carries. That of a call belongs to the function, and its path is kept short. */
function responseHeaders(request: Request, response: Response, next: NextFunction): void {
  if (isCallPath(request.url)) {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
    return;
  }
  identify(request, response);
  secureHeaders(request, response, next);
}

/**
 * Ends connections whose client reads nothing of its answer for so long: the answer would stay in memory for ever. A
 * connection on which nothing waits to be sent is one whose function still works.
 */
export function limitSending(response: ServerResponse, timeoutMs: number): void {
  response.setTimeout(timeoutMs, () => {
    if (response.socket !== null && response.socket.writableLength > 0) response.socket.destroy();
  });
}

function sendTimeout(timeoutMs: number) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    limitSending(response, timeoutMs);
    next();
  };
}

/** The URL at which this machine reaches the server, also when it listens on all addresses. */
export function serverUrl({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
