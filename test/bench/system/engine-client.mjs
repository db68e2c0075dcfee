/** The few calls of the Docker Engine's API that the benchmark times or looks at, over kept connections. */
import http from 'node:http';

/**
 * @typedef {object} ListedContainer
 * @property {string} Id
 * @property {string} State
 * @property {{ Source: string }[]} Mounts
 */

export class EngineClient {
  #agent = new http.Agent({ keepAlive: true });
  /** @type {string} */
  #socketPath;

  /** @param {string} socketPath */
  constructor(socketPath) {
    this.#socketPath = socketPath;
  }

  /**
   * @param {string} name
   * @param {unknown} body
   * @returns {Promise<string>} the container's id
   */
  async create(name, body) {
    const answer = await this.#ask('POST', `/containers/create?name=${name}`, body);
    return JSON.parse(answer).Id;
  }

  /** @param {string} id */
  async start(id) {
    await this.#ask('POST', `/containers/${id}/start`);
  }

  /** Kills and removes. @param {string} id */
  async remove(id) {
    await this.#ask('DELETE', `/containers/${id}?force=true`);
  }

  /**
   * The containers of whatever state that mount something below a directory: those of the server that owns it.
   * @param {string} directory
   * @returns {Promise<string[]>} their ids, sorted
   */
  async containersMounting(directory) {
    /** @type {ListedContainer[]} */
    const listed = JSON.parse(await this.#ask('GET', '/containers/json?all=true'));
    return listed
      .filter(({ Mounts }) => Mounts.some(({ Source }) => Source.startsWith(`${directory}/`)))
      .map(({ Id }) => Id)
      .sort();
  }

  /** The id of a container's main process on this machine. @param {string} id @returns {Promise<number>} */
  async mainProcess(id) {
    return JSON.parse(await this.#ask('GET', `/containers/${id}/json`)).State.Pid;
  }

  /**
   * The memory that counts towards a container's limit, without the file cache that the kernel would give up.
   * @param {string} id
   * @returns {Promise<number>}
   */
  async memoryBytes(id) {
    const answer = await this.#ask('GET', `/containers/${id}/stats?stream=false&one-shot=true`);
    const { usage, stats } = JSON.parse(answer).memory_stats;
    return usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0);
  }

  /** @returns {Promise<string>} */
  async version() {
    return JSON.parse(await this.#ask('GET', '/version')).Version;
  }

  close() {
    this.#agent.destroy();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<string>}
   */
  #ask(method, path, body) {
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
        response.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (answer += chunk));
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
