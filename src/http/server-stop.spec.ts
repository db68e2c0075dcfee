import { Controller, Get } from '@nestjs/common';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { startHttpApp } from '../../test/support/http-app.js';

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
  return { HeldController, begun: begun.promise, answered: answer.promise, answer: answer.resolve };
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

describe('the stop of the server', () => {
  it('refuses new connections at once, finishes what runs, then closes kept connections', async () => {
    const { HeldController, begun, answered, answer } = heldRoute();
    const served = await startHttpApp([HeldController]);
    const agent = new Agent({ keepAlive: true });
    await getOver(agent, `${served.url}/quick`);
    const running = getOver(agent, `${served.url}/held`);
    await begun;

    const closed = served.close(answered);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(fetch(`${served.url}/quick`)).rejects.toThrow();

    answer('done');
    await expect(running).resolves.toBe('done');
    await closed;
    agent.destroy();
  });

  it('does not wait for a client that keeps its connection without using it', async () => {
    const { HeldController } = heldRoute();
    const served = await startHttpApp([HeldController]);
    const agent = new Agent({ keepAlive: true });
    await getOver(agent, `${served.url}/quick`);
    await served.close();
    agent.destroy();
  });
});
