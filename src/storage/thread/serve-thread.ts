import { parentPort } from 'node:worker_threads';
import { sentErrorOf, type ThreadMessage, type ThreadRequest } from './thread-message.js';

/** What a thread does with what it is asked for. */
export interface ThreadService {
  /** Rejects as the store does. */
  serve(operation: string, values: readonly unknown[], context: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export function sendFromThread(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

/** The thread's side: serves each request as it comes, and ends when it is told to. */
export function serveThread(service: ThreadService): void {
  parentPort?.on('message', (request: ThreadRequest) => {
    void (request === 'close' ? end(service) : answer(service, request));
  });
}

async function answer(
  service: ThreadService,
  { number, operation, values, context }: Exclude<ThreadRequest, 'close'>,
) {
  try {
    sendFromThread({ kind: 'done', number, value: await service.serve(operation, values, context) });
  } catch (error) {
    sendFromThread({ kind: 'failed', number, error: sentErrorOf(error) });
  }
}

async function end(service: ThreadService): Promise<void> {
  await service.close();
  parentPort?.close();
}
