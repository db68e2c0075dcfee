import type { INestApplication } from '@nestjs/common';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Log } from '../../common/log/log.js';
import { withDeadline } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import { functionDefaults, type FunctionDefaults } from '../../functions/settings/default-settings.js';
import { IpcService } from '../../ipc/ipc.service.js';
import type { WorkerEndpoint } from '../../ipc/worker-dialect.js';
import { unheardLog } from '../../telemetry/pino-log.js';
import { telemetrySettings, type TelemetrySettings } from '../../telemetry/telemetry.settings.js';
import { makeEntrance } from './entrance.js';
import { rehearsedFunction, rehearsedKey } from './rehearsed.js';
import { makeScene } from './scene.js';
import { scriptedAnswer } from './scripted-container.js';

/** So many that what a call runs is compiled; more make it hardly faster. */
export const rehearsedCalls = 8;

/** A machine that takes longer is too busy to be kept from its work. */
const longestMs = 250;

/**
 * Runs the server's own part of a call before anybody calls: the same code, from the parser of HTTP to a worker's socket
 * and back, on objects of its own, so that nothing of it is counted, kept, logged or limited anywhere. The first call
 * then finds that code compiled. Resolves to how many calls were answered; never rejects.
 */
export async function rehearse(app: INestApplication, withinMs = longestMs): Promise<number> {
  let answered = 0;
  try {
    const endpoint = await app.get(IpcService).open();
    const playing = play(app, endpoint, () => (answered += 1));
    const onTimeout = () => new Error(`It took longer than ${withinMs} ms.`);
    // Without its endpoint what still runs ends by itself.
    await withDeadline(app.get(Clock), playing, { withinMs, onTimeout }).finally(() => endpoint.close());
  } catch (err) {
    app.get(Log).debug({ err }, 'a call could not be rehearsed; the first one may be slow');
  }
  return answered;
}

async function play(app: INestApplication, endpoint: WorkerEndpoint, onAnswer: () => void): Promise<void> {
  const now = app.get(Clock).wallTime();
  const log = unheardLog(app.get<TelemetrySettings>(telemetrySettings.config.KEY));
  const deployed = rehearsedFunction(app.get<FunctionDefaults>(functionDefaults.config.KEY), now);
  const key = rehearsedKey(now);
  const scene = await makeScene(app, deployed, endpoint, log);
  try {
    const server = await makeEntrance(app, { ...scene, key: key.held, log });
    // Beside the worker's socket, where nobody else gets in, and gone with it.
    const path = join(endpoint.directory, 'http');
    server.listen({ path });
    try {
      await once(server, 'listening');
      for (let count = 0; count < rehearsedCalls; count += 1) {
        await call(path, requestFor(deployed.name, key.text));
        onAnswer();
      }
    } finally {
      close(server);
    }
  } finally {
    await scene.end();
  }
}

function requestFor(name: string, key: string): string {
  const body = '{"name":"rehearsal"}';
  const head = [
    `POST /invoke/${name} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${key}`,
    'Accept: */*',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

async function call(path: string, request: string): Promise<void> {
  const socket = connect(path);
  socket.write(request);
  const response = await text(socket);
  if (response.startsWith('HTTP/1.1 200 ') && response.endsWith(scriptedAnswer)) return;
  throw new Error(`The rehearsed call was answered with: ${response.slice(0, 1000)}`);
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}
