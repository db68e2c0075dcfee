/** The Docker Engine's HTTP API over its Unix socket: `docker` itself need not be installed. */
import http from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const PING_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 30_000;
const ANSWER_LENGTH = 4_194_304;

/**
 * @typedef {object} EngineRequest
 * @property {string} path without an API version: each engine then speaks its newest
 * @property {string} [method]
 * @property {AsyncIterable<Uint8Array>} [tar] the body, a tar archive
 * @property {number} [timeoutMs]
 *
 * @typedef {{ status: number, text: string }} EngineAnswer
 */

/**
 * Asks the engine for one thing. At most the first 4 MiB of its answer are kept.
 * @param {string} socketPath
 * @param {EngineRequest} request
 * @returns {Promise<EngineAnswer>}
 * @throws {Error} when no engine answers in time
 */
export function askEngine(socketPath, { path, method = 'GET', tar, timeoutMs = REQUEST_TIMEOUT_MS }) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      socketPath,
      path,
      method,
      headers: tar === undefined ? {} : { 'content-type': 'application/x-tar' },
      // A connection of its own: a kept one would keep the script from ending.
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    if (tar === undefined) request.end();
    // A refusal may come before the body is through: then the answer counts, not the broken pipe.
    else pipeline(Readable.from(tar), request).catch(reject);
  });
}

/**
 * @param {AsyncIterable<Uint8Array>} response
 */
async function readText(response) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response) {
    if (text.length < ANSWER_LENGTH) text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/**
 * Whether an engine answers on the socket, and if not, whether this user may not ask it.
 * @param {string} socketPath
 * @returns {Promise<'reachable' | 'permission-denied' | 'absent'>}
 */
export async function pingEngine(socketPath) {
  try {
    const { status } = await askEngine(socketPath, { path: '/_ping', timeoutMs: PING_TIMEOUT_MS });
    return status === 200 ? 'reachable' : 'absent';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' ? 'permission-denied' : 'absent';
  }
}
