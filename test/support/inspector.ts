import { within } from './eventually.js';

const answerTimeoutMs = 120_000;

/** Reads a process's memory through its inspector, after a full garbage collection: what is left is really held. */
export class Inspector {
  private counter = 0;
  private readonly pending = new Map<number, (result: unknown) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown };
      this.pending.get(id)?.(result);
      this.pending.delete(id);
    });
    socket.addEventListener('close', () => {
      for (const answer of this.pending.values()) answer(undefined);
      this.pending.clear();
    });
  }

  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new Inspector(socket);
  }

  /** Heap in use and what is outside it for buffers, in MiB. */
  async heldMiB(): Promise<number> {
    await this.ask('HeapProfiler.collectGarbage');
    const held = await this.evaluate(
      '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())',
    );
    return held / 1024 ** 2;
  }

  /** The value of an expression that is a number, or is asked for what it does; NaN from a process that is dying. */
  async evaluate(expression: string): Promise<number> {
    const answer = await this.ask('Runtime.evaluate', { expression });
    return (answer as { result: { value: number } } | undefined)?.result.value ?? Number.NaN;
  }

  close(): void {
    this.socket.close();
  }

  private ask(method: string, params: object = {}): Promise<unknown> {
    this.counter += 1;
    const id = this.counter;
    const answer = new Promise((resolve) => {
      this.pending.set(id, resolve);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
    return within(answerTimeoutMs, method, answer);
  }
}
