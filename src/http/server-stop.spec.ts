import { Controller, Get } from '@nestjs/common';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { until } from '../../test/support/eventually.js';

/** A route whose answer the test gives. */
function heldRoute() {
  const begun = Promise.withResolvers<undefined>();
  const answer = Promise.withResolvers<string>();
  @Controller()
  class HeldController {
    @Get('held')
    held(): Promise<string> {
      begun.resolve(undefined);
      return answer.promise;
    }

    @Get('quick')
    quick(): string {
      return 'quick';
    }
  }
  return { HeldController, begun: begun.promise, answer: answer.resolve };
}

function getOver(agent: Agent, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve(Buffer.concat(chunks).toString());
      });
    }).on('error', reject);
  });
}

/** Neither ends a connection within a test. */
const endlessMs = 3_600_000;
const endless = { keepAliveTimeoutMs: endlessMs, headersTimeoutMs: endlessMs, requestTimeoutMs: endlessMs };

const connectionsOf = ({ app }: HttpApp) =>
  new Promise<number>((resolve, reject) => {
    app.getHttpServer().getConnections((error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });

describe('the stop of the server', () => {
  it('refuses new connections at once, finishes what runs, and keeps no connection for more', async () => {
    const { HeldController, begun, answer } = heldRoute();
    const drained = Promise.withResolvers<undefined>();
    const served = await startHttpApp([HeldController], { ...endless, closeTimeoutMs: endlessMs });
    const agent = new Agent({ keepAlive: true });
    await getOver(agent, `${served.url}/quick`);
    const running = getOver(agent, `${served.url}/held`);
    await begun;
    expect(await connectionsOf(served)).toBe(1);

    const closed = served.close(drained.promise);
    await until(() => !served.app.getHttpServer().listening);
    await expect(fetch(`${served.url}/quick`)).rejects.toThrow();
    expect(await connectionsOf(served)).toBe(1);

    answer('done');
    await expect(running).resolves.toBe('done');
    // Other calls may run on for a while; this connection is not kept for them.
    await until(async () => (await connectionsOf(served)) === 0);
    drained.resolve(undefined);
    await closed;
    agent.destroy();
  });

  it('does not wait for a client that keeps its connection without using it', async () => {
    const { HeldController } = heldRoute();
    const served = await startHttpApp([HeldController], { ...endless, closeTimeoutMs: endlessMs });
    const agent = new Agent({ keepAlive: true });
    await getOver(agent, `${served.url}/quick`);
    expect(await connectionsOf(served)).toBe(1);
    await served.close();
    agent.destroy();
  });

  it('waits a limited time for a client that does not go on', async () => {
    const { HeldController } = heldRoute();
    const served = await startHttpApp([HeldController], { ...endless, closeTimeoutMs: 50 });
    const client = connect(served.port, '127.0.0.1').on('error', () => undefined);
    client.write('GET /quick HTTP/1.1\r\n');
    await until(async () => (await connectionsOf(served)) === 1);
    await served.close();
    expect(await connectionsOf(served)).toBe(0);
    client.destroy();
  });
});
