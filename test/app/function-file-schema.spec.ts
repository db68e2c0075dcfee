import { readFile } from 'node:fs/promises';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { startApp, type ListeningApp } from '../support/app.js';

interface SchemaScript {
  readonly functionFileSchema: (document: unknown) => unknown;
}

/** A script has no types of its own for a test; the path in a variable keeps the compiler from looking for some. */
const script = '../../scripts/function-file-schema.mjs';
const { functionFileSchema } = (await import(script)) as SchemaScript;

let served: ListeningApp;
beforeEach(async () => {
  served = await startApp({ GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' });
});
afterEach(() => served.close());

describe('cli/glambdar.schema.json', () => {
  it('has every setting. Run `npm run build && node scripts/docs.mjs` and commit what it wrote.', async () => {
    const committed = await readFile(new URL('../../cli/glambdar.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(functionFileSchema(openApiDocument(served.app)));
  });
});
