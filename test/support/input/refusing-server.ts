import type { OpenAPIObject } from '@nestjs/swagger';
import { KeyService } from '../../../src/auth/keys/key.service.js';
import { changeTo } from '../../../src/functions/change-feed.js';
import { FunctionRegistry } from '../../../src/functions/function-registry.js';
import { openApiDocument } from '../../../src/http/openapi/openapi.js';
import { startApp, type ListeningApp } from '../app.js';
import { deployedFunction } from '../builders/functions.js';
import type { Refusal } from './refusals.js';

/** What of a request may be at fault besides its path. */
interface Sent {
  readonly body?: RequestInit['body'];
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

/** The whole server with the function `hello`, and a key that allows everything: what it refuses, it refuses for a fault. */
export class RefusingServer {
  readonly url: string;
  readonly document: OpenAPIObject;
  private readonly registry: FunctionRegistry;

  private constructor(
    private readonly served: ListeningApp,
    readonly key: string,
  ) {
    this.url = served.url;
    this.document = openApiDocument(served.app);
    this.registry = served.app.get(FunctionRegistry);
  }

  static async start(): Promise<RefusingServer> {
    const served = await startApp({
      GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
      GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
    });
    served.app.get(FunctionRegistry).apply(changeTo(deployedFunction({ name: 'hello' })));
    const owner = { actor: 'local', requestId: null, address: null };
    const wanted = { name: 'me', scopes: ['admin'], functions: null, expiresAt: null } as const;
    const key = (await served.app.get(KeyService).create(wanted, owner)).text;
    return new RefusingServer(served, key);
  }

  close(): Promise<void> {
    return this.served.close();
  }

  functions() {
    return this.registry.list();
  }

  /** What the route, such as `post /keys`, answers at this path. */
  async refusalOf(
    route: string,
    path: string,
    { body, contentType, contentEncoding }: Sent = {},
  ): Promise<Refusal> {
    const [method = ''] = route.split(' ');
    const headers = {
      'X-Glambdar-Key': this.key,
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
    };
    const init = { method: method.toUpperCase(), headers, ...(body !== undefined && { body }) };
    const response = await fetch(this.url + path, init);
    const { code, detail, field } = (await response.json()) as Record<string, unknown>;
    return { status: response.status, code, detail, field };
  }

  /** A route's operation has a body, or fields in its query. */
  routesWith(part: 'body' | 'query'): string[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { requestBody?: object; parameters?: { in: string }[] }>)
        .filter(([, { requestBody, parameters = [] }]) =>
          part === 'body' ? requestBody !== undefined : parameters.some((one) => one.in === 'query'),
        )
        .map(([method]) => `${method} ${path}`)
        // What a call brings is the function's.
        .filter((route) => !route.includes(' /invoke/')),
    );
  }
}
