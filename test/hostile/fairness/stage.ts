import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Client } from '../server/client.js';
import type { HostileServer } from '../server/hostile-server.js';
import type { Isolation, Scene } from './attack.js';
import { FairCanary, type Plumage } from './fair-canary.js';

const scopes = ['functions:deploy', 'functions:read', 'functions:invoke', 'functions:delete', 'logs:read'];

/** Prints what it was sent, and answers with it. */
const sings = 'exports.handler = ({ body }) => { console.log(body); return body; };';

/** A new container for each call is much dearer: at this pace two cores are far from busy with it. */
const plumages: Readonly<Record<Isolation, Plumage>> = {
  warm: {
    name: 'canary-warm',
    code: sings,
    settings: { isolation: 'warm', minContainers: 2, maxContainers: 2 },
    callers: 2,
    pauseMs: 40,
  },
  fresh: {
    name: 'canary-fresh',
    code: sings,
    settings: { isolation: 'fresh', minContainers: 2, maxContainers: 2 },
    callers: 1,
    pauseMs: 250,
  },
};

/** Somebody outside, who greets every connection and then only listens. */
async function listenOutside() {
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .write('hello'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

/** A server with keys, the canaries that have been called for, and the keys of those who attack it. */
export class Stage {
  private readonly canaries = new Map<string, FairCanary>();

  private constructor(
    readonly scene: Scene,
    private readonly otherKey: string,
    private readonly closeOutside: () => void,
  ) {}

  static async open(server: HostileServer): Promise<Stage> {
    const admin = server.client;
    const [hostileKey, otherKey] = [await keyOf(admin, 'hostile'), await keyOf(admin, 'other')];
    const outside = await listenOutside();
    const [hostile, other] = [new Client(server.url, hostileKey), new Client(server.url, otherKey)];
    const scene = { server, admin, hostile, hostileKey, other, outsidePort: outside.port };
    return new Stage(scene, otherKey, () => outside.server.close());
  }

  /** One of each plumage lives until the stage is closed. */
  async canary(isolation: Isolation, plumage = plumages[isolation]): Promise<FairCanary> {
    const { server, admin, other } = this.scene;
    let canary = this.canaries.get(plumage.name);
    if (!canary) {
      canary = await FairCanary.hatch(server, { admin, own: other, key: this.otherKey }, plumage);
      this.canaries.set(plumage.name, canary);
    }
    return canary;
  }

  /** Removes what the attackers have deployed. */
  async clear(): Promise<void> {
    const { admin } = this.scene;
    const left = (await admin.names()).filter((name) => !this.canaries.has(name));
    await Promise.all(left.map((name) => admin.remove(name)));
  }

  async close(): Promise<void> {
    for (const canary of this.canaries.values()) await canary.end();
    this.closeOutside();
  }
}

async function keyOf(admin: Client, name: string): Promise<string> {
  const body = JSON.stringify({ name, scopes });
  const { status, text } = await admin.ask('POST', '/keys', body, { 'content-type': 'application/json' });
  if (status !== 201) throw new Error(`Making a key: ${status} ${text}`);
  return (JSON.parse(text) as { key: string }).key;
}
