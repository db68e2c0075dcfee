import { greeting } from './greeting.js';

/** What of the request this function uses; `docs/functions.md` lists all of it. */
interface Request {
  readonly body?: string;
  json(): Promise<unknown>;
}

interface Response {
  readonly statusCode: number;
  readonly body: unknown;
}

/** `glambdar deploy` publishes this folder: the server compiles it. `npm run check` checks the types. */
export async function handler(request: Request): Promise<Response> {
  const input = request.body ? await request.json() : {};
  return { statusCode: 200, body: { message: greeting(input) } };
}
