import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Installation } from '../../src/common/installation/installation.js';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock, type Clock } from '../../src/common/time/clock.js';
import { IpcService } from '../../src/ipc/ipc.service.js';
import { ipcSettings, type IpcSettings } from '../../src/ipc/ipc.settings.js';

const { definitions } = ipcSettings;

/** What an empty environment gives. */
export const defaultIpcSettings: IpcSettings = {
  frameTimeoutMs: definitions.frameTimeoutMs.defaultValue,
  maxResultBytes: definitions.maxResultBytes.defaultValue,
  maxStreamBytes: definitions.maxStreamBytes.defaultValue,
  maxResponseHeaders: definitions.maxResponseHeaders.defaultValue,
  maxResponseHeaderBytes: definitions.maxResponseHeaderBytes.defaultValue,
  maxResponseHeadersBytes: definitions.maxResponseHeadersBytes.defaultValue,
};

/** The real service over real sockets, in a directory that goes with it. */
export class TemporaryIpc {
  readonly installation = Installation.at(mkdtempSync(join(tmpdir(), 'glambdar-')), '00000000');
  readonly service: IpcService;

  constructor(clock: Clock = new SystemClock(), changed: Partial<IpcSettings> = {}) {
    mkdirSync(this.installation.node.run, { mode: 0o700 });
    this.service = new IpcService(this.installation, clock, new ReadScheduler(clock), {
      ...defaultIpcSettings,
      ...changed,
    });
  }

  /** Removes everything; throws when an endpoint was left open or left something behind. */
  remove(): void {
    const left = readdirSync(this.installation.node.run);
    rmSync(this.installation.directory, { recursive: true });
    if (this.service.openEndpoints > 0 || left.length > 0) throw new Error(`Left behind: ${left.join(', ')}`);
  }
}
