import type { Dialect } from './dialect.js';
import type { IpcSettings } from './ipc.settings.js';
import { maxWorkerJsonBytes } from './protocol/limits.js';
import { type HostMessage, protocolVersion, type WorkerMessage } from './protocol/messages.js';
import type { PeerEndpoint } from './peer-endpoint.js';
import { parseWorkerMessage } from './worker-message.js';
import { WorkerSession } from './worker-session.js';

/** The socket of a container that runs a function. */
export type WorkerEndpoint = PeerEndpoint<WorkerMessage, HostMessage, WorkerSession>;

export function workerDialect(settings: IpcSettings): Dialect<WorkerMessage, HostMessage, WorkerSession> {
  return {
    protocolVersion,
    maxJsonBytes: maxWorkerJsonBytes,
    maxBodyBytes: settings.maxResultBytes,
    parse: parseWorkerMessage,
    greetingIn: (message) => (message.type === 'hello' ? message : undefined),
    converse: (channel) => new WorkerSession(channel, settings),
  };
}
