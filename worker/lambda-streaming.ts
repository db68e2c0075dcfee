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
  private readonly begin: (answer: object) => void;

  constructor(begin: (answer: object) => void) {
    super();
    this.begin = begin;
    // Whoever sends the stream sees its failure; where nobody does, it must not end the process.
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
    this.begin({ statusCode, headers, cookies, body: this });
  }
}

/**
 * What AWS Lambda's own Node.js runtime offers as the global `awslambda`: handlers, and adapters of web frameworks,
 * that write their answers to a stream find it here, too.
 */
export const awslambda = {
  streamifyResponse(handler: StreamingHandler) {
    return async (event: unknown, context: FunctionContext): Promise<unknown> => {
      const begun = Promise.withResolvers<object>();
      const body = new ResponseBody(begun.resolve);
      const written = write(body, () => handler(event, body, context));
      return Promise.race([begun.promise, written.then(() => begun.promise)]);
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
