import { ExpressAdapter } from '@nestjs/platform-express';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Application } from 'express';
import { answerHeaders } from './answer-headers.js';
import { answerClientError, refuseExpectation, refuseTunnel } from './client-error.js';
import { ConnectionLimit } from './connections/connection-limit.js';
import { answerHalfClosed } from './connections/half-closed.js';
import { boundUnreadBody } from './connections/unread-body.js';
import type { DirectRoute } from './direct-route.js';
import type { HttpSettings } from './http.settings.js';
import { sendTimeout } from './send-timeout.js';

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
    application.use(answerHeaders);
  }

  /** Requests that `route` takes are seen neither by Express nor by the framework: what stands before routes is its own. */
  serveDirectly(route: DirectRoute): void {
    this.takesDirectly = route;
  }

  /** As Nest calls it: with a host or without one, and then what is told. */
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
