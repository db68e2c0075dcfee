/** The few calls of the Docker Engine's API that the benchmark times or looks at, over kept connections. */
import http from 'node:http';

interface ListedContainer {
  readonly Id: string;
  readonly State: string;
  readonly Mounts: { Source: string }[];
}

interface MemoryStats {
  readonly usage: number;
  /** By version 1 or 2 of the kernel's groups. */
  readonly stats: { readonly total_inactive_file?: number; readonly inactive_file?: number };
}

export class DockerClient {
  #agent = new http.Agent({ keepAlive: true });
  #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** @returns the container's id */
  async create(name: string, body?: unknown): Promise<string> {
    const answer = await this.#ask('POST', `/containers/create?name=${name}`, body);
    return (JSON.parse(answer) as { Id: string }).Id;
  }

  async start(id: string) {
    await this.#ask('POST', `/containers/${id}/start`);
  }

  /** Kills and removes. */
  async remove(id: string) {
    await this.#ask('DELETE', `/containers/${id}?force=true`);
  }

  /**
   * The containers of whatever state that mount something below a directory: those of the server that owns it.
   * @returns their ids, sorted
   */
  async containersMounting(directory: string): Promise<string[]> {
    const listed = JSON.parse(await this.#ask('GET', '/containers/json?all=true')) as ListedContainer[];
    return listed
      .filter(({ Mounts }) => Mounts.some(({ Source }) => Source.startsWith(`${directory}/`)))
      .map(({ Id }) => Id)
      .sort();
  }

  /** The id of a container's main process on this machine. */
  async mainProcess(id: string): Promise<number> {
    const answer = await this.#ask('GET', `/containers/${id}/json`);
    return (JSON.parse(answer) as { State: { Pid: number } }).State.Pid;
  }

  /** The memory that counts towards a container's limit, without the file cache that the kernel would give up. */
  async memoryBytes(id: string): Promise<number> {
    const answer = await this.#ask('GET', `/containers/${id}/stats?stream=false&one-shot=true`);
    const { usage, stats } = (JSON.parse(answer) as { memory_stats: MemoryStats }).memory_stats;
    return usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0);
  }

  async version(): Promise<string> {
    return (JSON.parse(await this.#ask('GET', '/version')) as { Version: string }).Version;
  }

  close() {
    this.#agent.destroy();
  }

  #ask(method: string, path: string, body?: unknown): Promise<string> {
    const text = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const request = http.request({
        socketPath: this.#socketPath,
        agent: this.#agent,
        method,
        path,
        headers: body === undefined ? {} : headers,
      });
      request.once('error', reject);
      request.once('response', (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
        response.once('end', () => {
          if ((response.statusCode ?? 500) < 400) resolve(answer);
          else
            reject(new Error(`The engine answered ${response.statusCode} to ${method} ${path}: ${answer}`));
        });
      });
      request.end(text);
    });
  }
}
