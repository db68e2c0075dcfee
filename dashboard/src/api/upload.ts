import { serverPrefix } from '../routes.js';
import { noticeRefusal, writeHeaders } from './client.js';
import { errorOf } from './problem.js';

export interface Upload {
  readonly method: 'POST' | 'PUT';
  /** From the server's root. */
  readonly path: string;
  readonly form: FormData;
  /** Hears which part, 0 to 1, has been sent. */
  readonly onProgress: (part: number) => void;
  readonly signal: AbortSignal;
}

/** Sends a form and says how far it is, which `fetch` cannot. Rejects with an `ApiError`, or as `fetch` when taken back. */
export function upload<T>({ method, path, form, onProgress, signal }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, serverPrefix + path);
    for (const [name, value] of Object.entries(writeHeaders(method))) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      onProgress(total === 0 ? 1 : loaded / total);
    });
    request.addEventListener('load', () => {
      const body = parsed(request.responseText);
      if (request.status < 300) {
        resolve(body as T);
        return;
      }
      noticeRefusal(request.status, body);
      reject(errorOf(body, request.status));
    });
    request.addEventListener('error', () => {
      reject(errorOf(undefined, undefined));
    });
    request.addEventListener('abort', () => {
      reject(new DOMException('The upload was cancelled.', 'AbortError'));
    });
    signal.addEventListener('abort', () => {
      request.abort();
    });
    request.send(form);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
