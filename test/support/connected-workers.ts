import type { InvokeMessage, LoadMessage } from '../../src/ipc/protocol/messages.js';
import type { WorkerEndpoint } from '../../src/ipc/worker-dialect.js';
import type { WorkerSession } from '../../src/ipc/worker-session.js';
import { invokeMessage, loadMessage } from './messages.js';
import { TemporaryIpc } from './temporary-ipc.js';
import { WorkerProcess } from './worker-process.js';

/** The real worker in a process of its own, and the host's side of its session. */
export class ConnectedWorker {
  /** What came over the socket so far. */
  readonly printed = { stdout: '', stderr: '' };

  constructor(
    private readonly process: WorkerProcess,
    readonly session: WorkerSession,
  ) {
    session.onLog((stream, bytes) => {
      this.printed[stream] += bytes.toString('utf8');
    });
  }

  get exited(): Promise<number | null> {
    return this.process.exited;
  }

  /** What came past the socket. */
  get ownOutput(): string {
    return this.process.ownOutput;
  }

  async call(body = '', changes: Partial<InvokeMessage> = {}) {
    const result = await this.session.invoke({ ...invokeMessage, ...changes }, Buffer.from(body));
    return { ...result.head, body: result.body.toString('utf8') };
  }

  giveUpSoon(): void {
    setImmediate(() => {
      this.session.close();
    });
  }
}

interface Started {
  readonly endpoint: WorkerEndpoint;
  readonly process: WorkerProcess;
}

/** The workers of a spec; those of a test end with it. */
export class ConnectedWorkers {
  private readonly ipc = new TemporaryIpc();
  private readonly started: Started[] = [];

  constructor() {
    afterEach(async () => {
      for (const { endpoint, process } of this.started.splice(0)) {
        await endpoint.close();
        // The closed socket alone must end the worker.
        await process.exited;
      }
    });
    afterAll(() => {
      this.ipc.remove();
    });
  }

  /** A function of `test/fixtures/functions/`, which is not loaded yet. */
  async start(
    functionName: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ConnectedWorker> {
    const endpoint = await this.ipc.service.open();
    const process = new WorkerProcess(endpoint, functionName, environment);
    this.started.push({ endpoint, process });
    return new ConnectedWorker(process, await endpoint.session);
  }

  async loaded(functionName: string, changes: Partial<LoadMessage> = {}): Promise<ConnectedWorker> {
    const worker = await this.start(functionName);
    await worker.session.load({ ...loadMessage, ...changes });
    return worker;
  }
}
