import { watch } from 'node:fs';
import { join } from 'node:path';
import { functionNamePattern } from '../../src/functions/function-name.js';
import type { Random } from '../support/archives/mutations.js';
import { RawConnection, rawRequest } from '../support/raw-connection.js';
import { withServer } from './with-server.js';
import { attack, inParallel, upTo } from './trial.js';

const slots = 4;
const blocks = [
  ...['..', '.', '/', '//', '\\', '~', 'etc', 'passwd', 'a', 'A', '0', '_', '-', 'index.js', 'x'.repeat(33)],
  ...[
    '%2e',
    '%2E%2e',
    '%2f',
    '%5c',
    '%252e',
    '%25%32%65',
    '%c0%ae',
    '%e0%80%af',
    '%f0%80%80%ae',
    '%uff0e',
    '%u002e',
  ],
  ...[
    '%00',
    '%0d%0a',
    '%20',
    '%7f',
    '%ff',
    '%',
    '%e',
    '%zz',
    '%C3%A9',
    '%E2%80%AE',
    '%EF%BC%8E',
    '%ED%A0%80',
    '%F0%9F%92%A9',
  ],
  ...[';', ':', '@', '*', '{', '$(id)', "'", '"', '|', '&', '+', '=', ',', '!', '<', 'é', '‥', '．'],
  ...['__proto__', 'constructor', 'toString', '.zip', 'C:', 'file:', 'nul', 'staging'],
];

type Route = (name: string) => string;
const routes: Readonly<Record<string, Route>> = {
  info: (name) => rawRequest('GET', `/info/${name}`),
  config: (name) => rawRequest('GET', `/settings/${name}`),
  del: (name) => rawRequest('DELETE', `/del/${name}`),
  invoke: (name) => rawRequest('POST', `/invoke/${name}`),
  deploy: (name) => {
    const disposition = `form-data; name="file"; filename="${name.replaceAll('"', '%22')}"`;
    const body = `--b\r\nContent-Disposition: ${disposition}\r\n\r\nPK\r\n--b--\r\n`;
    return rawRequest('POST', '/deploy', body, ['Content-Type: multipart/form-data; boundary=b']);
  },
};

/** Names in every encoding on every route: the right refusal for each, and not one file is made, changed or removed. */
attack({
  name: 'names',
  quick: 1000,
  full: 20_000,
  run: (trial) =>
    withServer(trial, {}, async ({ port, directory }) => {
      const touched: string[] = [];
      // A deployment of a good name may stage what it was sent, so these are watched for the rest.
      const watcher = watch(directory, { recursive: true }, (_, file) => touched.push(file ?? ''));
      const connections: (RawConnection | undefined)[] = [];
      await inParallel(upTo(slots), slots, async (slot) => {
        for (let round = slot; round < trial.count; round += slots) {
          const name = randomName(trial.random);
          for (const route of Object.keys(routes)) {
            await trial.case(`${route} ${JSON.stringify(name)}`, async () => {
              const open = connections[slot];
              const connection = open && !open.isClosed ? open : await RawConnection.open(port);
              connections[slot] = connection;
              await isRefused(connection, route, name, directory);
            });
          }
        }
      });
      connections.forEach((connection) => connection?.destroy());
      watcher.close();
      await trial.case('no file was touched', async () => {
        const ours = touched.filter((file) => !/^(glambdar|access|server|staging|run)\b/.test(file));
        if (ours.length > 0) throw new Error([...new Set(ours)].slice(0, 10).join(', '));
      });
    }),
});

async function isRefused(connection: RawConnection, route: string, name: string, directory: string) {
  connection.write(Buffer.from(routes[route]?.(name) ?? ''));
  const answer = await connection.response();
  if (!answer) throw new Error('No answer.');
  const { status, body } = answer;
  if (body.includes(directory) || body.includes(join('/', 'src')))
    throw new Error(`It tells a path: ${body}`);
  if (!expectedOf(route, name).some((expected) => `${status} ${body}`.includes(expected)))
    throw new Error(`${status} ${body}`);
}

/** What the answer must hold: status and code in one text. */
function expectedOf(route: string, name: string): readonly string[] {
  if (route === 'deploy') {
    // A good name is answered about the archive, which is none; form parsers end a name at a backslash or a NUL.
    const plain = name.replace(/\.zip$/i, '');
    return functionNamePattern.test(plain)
      ? ['"not_a_zip"']
      : ['"INVALID_NAME"', '"MISSING_FILE"', '"MALFORMED_REQUEST"'];
  }
  if (name.includes('/'))
    return [
      '"ROUTE_NOT_FOUND"',
      '"METHOD_NOT_ALLOWED"',
      '"INVALID_NAME"',
      '"MALFORMED_REQUEST"',
      '"FUNCTION_NOT_FOUND"',
    ];
  const decoded = decodedOf(name);
  // The router refuses by itself what does not decode; the gateway takes it for a name that is none.
  if (decoded === undefined)
    return ['"MALFORMED_REQUEST"', ...(route === 'invoke' ? ['"INVALID_NAME"'] : [])];
  return functionNamePattern.test(decoded)
    ? ['"FUNCTION_NOT_FOUND"']
    : ['"INVALID_NAME"', '"MALFORMED_REQUEST"'];
}

function decodedOf(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** Never empty and never beginning with a slash: those are other routes. */
function randomName(random: Random): string {
  const pick = () => blocks[random(blocks.length)] ?? '';
  const parts = Array.from({ length: 1 + random(5) }, pick);
  return parts.join('').replace(/^\/+/, '') || 'a';
}
