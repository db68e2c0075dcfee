import { PassThrough } from 'node:stream';
import type { FunctionContext } from './context.js';

interface Head {
  readonly statusCode?: number;
  readonly headers?: object;
  readonly cookies?: readonly string[];
}

type StreamingHandler = (event: unknown, stream: ResponseBody, context: FunctionContext) => unknown;

/** What a streaming handler writes its answer to. The head is sent with the first byte, or as soon as it is known. */
class ResponseBody extends PassThrough {
  hasStarted = false;
  private head: Head = {};
  private readonly start: (answer: object) => void;

  constructor(start: (answer: object) => void) {
    super();
    this.start = start;
    // Whoever sends the stream sees its failure; if nobody does, it must not end the process.
    this.on('error', () => undefined);
    this.once('readable', () => {
      this.sendHead();
    });
  }

  setContentType(type: string): void {
    this.head = { ...this.head, headers: { ...this.head.headers, 'content-type': type } };
  }

  sendHead(head: Head = this.head): void {
    this.hasStarted = true;
    const { statusCode = 200, headers = {}, cookies = [] } = head;
    this.start({ statusCode, headers, cookies, body: this });
  }
}

/**
 * What AWS Lambda's own Node.js runtime offers as the global `awslambda`: handlers, and adapters of web frameworks,
 * that write their answers to a stream find it here, too.
 */
export const awslambda = {
  streamifyResponse(handler: StreamingHandler) {
    return async (event: unknown, context: FunctionContext): Promise<unknown> => {
      const started = Promise.withResolvers<object>();
      const body = new ResponseBody(started.resolve);
      const written = write(body, () => handler(event, body, context));
      return Promise.race([started.promise, written.then(() => started.promise)]);
    };
  },
  HttpResponseStream: {
    from(stream: ResponseBody, head: Head): ResponseBody {
      stream.sendHead(head);
      return stream;
    },
  },
};

/** Rejects with the handler's error if its answer has not started; after that the error is the stream's. */
async function write(body: ResponseBody, handle: () => unknown): Promise<void> {
  try {
    await handle();
  } catch (error) {
    if (!body.hasStarted) throw error;
    body.destroy(error as Error);
    return;
  }
  // Nothing was written, so nothing will end it; a body that has started may still be piped into.
  if (!body.hasStarted) body.end();
  body.sendHead();
}
