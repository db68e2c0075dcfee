import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

export interface CaddyAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An address of the loopback that nothing else listens on, so that a port that is free there stays free. */
const address = `127.${(process.pid >> 16) & 255}.${(process.pid >> 8) & 255}.${process.pid & 255 || 2}`;

/** The real Caddy with a certificate authority of its own, in front of a server. */
export class Caddy {
  private constructor(
    private readonly process: ChildProcess,
    private readonly directory: string,
    private readonly port: number,
    private readonly authority: string,
  ) {}

  /** Resolves once it has the certificates of all `names`. */
  static async start(caddyfile: string, names: readonly string[]): Promise<Caddy> {
    const directory = await mkdtemp(join(tmpdir(), 'caddy-'));
    const port = await freePort();
    const options = [
      'admin off',
      `default_bind ${address}`,
      `https_port ${port}`,
      'auto_https disable_redirects',
      'skip_install_trust',
      `storage file_system ${directory}`,
    ];
    const config = join(directory, 'Caddyfile');
    await writeFile(config, `{\n\t${options.join('\n\t')}\n}\n\n${caddyfile}`);
    const program = process.env['TEST_CADDY'] ?? '/usr/bin/caddy';
    const child = spawn(program, ['run', '--config', config, '--adapter', 'caddyfile'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: directory },
    });
    await certificatesOf(child, names);
    const authority = await readFile(join(directory, 'pki/authorities/local/root.crt'), 'utf8');
    return new Caddy(child, directory, port, authority);
  }

  /** Asks as a client for which DNS leads the URL's host here. */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<CaddyAnswer> {
    const { hostname, pathname, search } = new URL(url);
    const asked = request({
      host: address,
      port: this.port,
      servername: hostname,
      ca: this.authority,
      path: pathname + search,
      headers: { host: hostname, ...headers },
      agent: false,
    });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
  }

  async stop(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.kill();
    await gone;
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** It writes one line of JSON for each that it has made; the lines are read to its end, so that it can go on writing. */
function certificatesOf(child: ChildProcess, names: readonly string[]): Promise<void> {
  const missing = new Set(names);
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`Caddy ended and had said:\n${said.join('\n')}`));
    });
    createInterface({ input: child.stderr! }).on('line', (line) => {
      said.push(line);
      const { msg, identifier } = lineOf(line);
      if (msg === 'certificate obtained successfully' && identifier !== undefined) missing.delete(identifier);
      if (missing.size === 0) resolve();
    });
  });
}

function lineOf(line: string): { readonly msg?: string; readonly identifier?: string } {
  return line.startsWith('{') ? (JSON.parse(line) as ReturnType<typeof lineOf>) : {};
}
