import { fairShareSettings } from '../../../src/common/budgets/fair-share.settings.js';
import { SystemClock } from '../../../src/common/time/clock.js';
import type { AllowList } from '../../../src/egress/egress-decision.js';
import type { EgressProxy } from '../../../src/egress/egress-proxy.js';
import { EgressService } from '../../../src/egress/egress.service.js';
import { egressSettings } from '../../../src/egress/egress.settings.js';
import {
  egressPermission,
  loopbackHosts,
  parseEgressRule,
} from '../../../src/functions/settings/egress-rule.js';
import type { WorkerEndpoint } from '../../../src/ipc/worker-dialect.js';
import type { WorkerSession } from '../../../src/ipc/worker-session.js';
import { RecordingLog } from '../../fakes/recording-log.js';
import { settingsFor } from '../builders/functions.js';
import { invokeMessage, loadMessage } from '../messages.js';
import { TemporaryIpc } from '../temporary-ipc.js';
import { WorkerProcess } from '../worker-process.js';
import { FixedNames } from './names.js';

/** An allow-list as a function's setting has it. */
export function allowListOf(...entries: readonly string[]): AllowList {
  const rules = entries.map((entry) => {
    const rule = parseEgressRule(entry);
    if (!rule) throw new Error(`${entry} is no rule.`);
    return rule;
  });
  return { permissionFor: (host, port) => egressPermission(rules, host, port) };
}

export interface Answered {
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

const loopback = ['127.0.0.1'];

export const outsideRecords = {
  'SRV _mongodb._tcp.service.test': [{ name: 'api.service.test', port: 27_017, priority: 0, weight: 5 }],
  'TXT service.test': [['authSource=admin&', 'replicaSet=rs0']],
  'TXT odd.service.test': [['line\nno EGRESS_REFUSED forged', '\u00fc\u{1f600}"\\', '\0']],
  'MX service.test': [{ exchange: 'mail.service.test', priority: 10 }],
  'SOA service.test': { nsname: 'ns.service.test', hostmaster: 'root.service.test', serial: 1 },
  'TXT long.service.test': [['x'.repeat(40_000)]],
};

/** The outside world of the workers of one test file; this machine's loopback is opened to them. */
export class Outside {
  readonly ipc = new TemporaryIpc();
  readonly egress = new EgressService(
    new SystemClock(),
    new RecordingLog(),
    new FixedNames(
      {
        'service.test': loopback,
        'api.service.test': loopback,
        'inner.service.test': ['10.1.2.3'],
      },
      outsideRecords,
    ),
    settingsFor(egressSettings, { allowedRanges: '127.0.0.0/8' }),
    settingsFor(fairShareSettings),
  );

  /** Throws when a connection or a directory is left. */
  end(): void {
    if (this.egress.counters.open > 0) throw new Error('Connections are left.');
    this.ipc.remove();
  }
}

/** The real worker in a process of its own, with a fixture function loaded that may go where its rules say. */
export class WorkerOutside {
  private constructor(
    private readonly endpoint: WorkerEndpoint,
    private readonly worker: WorkerProcess,
    private readonly session: WorkerSession,
    private readonly proxy: EgressProxy | undefined,
  ) {}

  static async start(
    { ipc, egress }: Outside,
    fixture: string,
    rules: readonly string[],
  ): Promise<WorkerOutside> {
    const endpoint = await ipc.service.open();
    const worker = new WorkerProcess(endpoint, fixture);
    const session = await endpoint.session;
    const listener = { onCut: () => undefined, say: () => undefined };
    const whose = { functionId: fixture, functionName: fixture, container: 'c' };
    const order = { directory: endpoint.directory, ...whose, listener };
    const proxy =
      rules.length > 0 ? await egress.open({ ...order, allowList: allowListOf(...rules) }) : undefined;
    const loopback = loopbackHosts(rules.flatMap((rule) => parseEgressRule(rule) ?? []));
    await session.load({ ...loadMessage, hasEgress: rules.length > 0, loopback });
    return new WorkerOutside(endpoint, worker, session, proxy);
  }

  async call(body: object): Promise<Answered> {
    const answer = await this.session
      .invoke(invokeMessage, Buffer.from(JSON.stringify(body)))
      .finally(() => this.session.idle());
    return JSON.parse(answer.body.toString()) as Answered;
  }

  async end(): Promise<void> {
    this.proxy?.close();
    this.session.close();
    await this.worker.stop();
    await this.endpoint.close();
  }
}

/** What each client of the fixture `real-clients` gets from the servers of `OutsideServers`. */
export const expectedOfClients: Readonly<Record<string, unknown>> = {
  ws: 'heard hello',
  WebSocket: 'heard hello',
  pg: [{ one: 1 }],
  ioredis: 'b',
  axios: ['path /a', 'path /b'],
  undici: 'path /c',
  aws: '{"called":true}',
  http2: 'path /d',
};

/** The packages that the fixture needs beside itself. */
export const realClientPackages = ['ws', 'pg', 'ioredis', 'axios', 'undici', '@aws-sdk/client-lambda'];
