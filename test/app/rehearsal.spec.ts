import { jest } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { AccessControl } from '../../src/auth/http/access-control.js';
import { rehearse, rehearsedCalls } from '../../src/bootstrap/rehearsal/rehearsal.js';
import { Installation } from '../../src/common/installation/installation.js';
import { Log } from '../../src/common/log/log.js';
import { ContainerService } from '../../src/container/container.service.js';
import { AdmissionService } from '../../src/invocation/admission/admission.service.js';
import { EndedCalls } from '../../src/invocation/invocation.js';
import { InvocationService } from '../../src/invocation/invocation.service.js';
import { RunningCalls } from '../../src/invocation/running-calls.js';
import { IpcService } from '../../src/ipc/ipc.service.js';
import { WorkerSession } from '../../src/ipc/worker-session.js';
import { RecordWriter } from '../../src/records/record-writer.js';
import { PinoLog } from '../../src/telemetry/pino-log.js';
import { Gateway } from '../../src/triggers/http/gateway.js';
import { startApp, type ListeningApp } from '../support/app.js';

/** Without an engine nothing else goes on in the server. */
const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock', GLAMBDAR_PREWARMED_CONTAINERS: '0' };

const failed = 'a call could not be rehearsed; the first one may be slow';

/** For a machine that is busy with something else. */
const patientMs = 60_000;

let served: ListeningApp | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await served?.close();
  served = undefined;
});

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** What the server's log says from now on; a server without an engine says more than what a test is about. */
function listenTo(log: Log) {
  const said: { readonly level: string; readonly fields: object; readonly message: string }[] = [];
  for (const level of levels)
    jest
      .spyOn(log, level)
      .mockImplementation((fields, message) => void said.push({ level, fields, message }));
  return said;
}

/** What a call leaves in a server; that the server looks for its engine goes on by itself. */
async function traces({ app, url }: ListeningApp) {
  const shown = async (path: string) => (await fetch(`${url}${path}`)).text();
  const metrics = (await shown('/metrics')).split('\n');
  const files = await readdir(app.get(Installation).directory, { recursive: true });
  return {
    counts: metrics.filter((line) => counted.test(line) && !line.includes('call="ping"')),
    functions: await shown('/info'),
    audit: await shown('/audit'),
    events: await shown('/events'),
    files: files.filter((name) => !/\.sqlite-(wal|shm)$/.test(name)),
    endpoints: app.get(IpcService).openEndpoints,
    calls: [app.get(RunningCalls).count, app.get(AdmissionService).counts],
    containers: app.get(ContainerService).running,
  };
}

/** What the log says of calls, and of a rehearsal that failed. */
const ofCalls = new Set(['invocation', 'function output', 'a request was denied', failed]);

const counted = /^glambdar_(invocation|admission|container|engine|sandbox|pool|rate|error|event)/;

describe('the rehearsal of a call', () => {
  it('goes the way of every call: access, admission, the use case, the worker’s session, the line of the log', async () => {
    served = await startApp(noEngine);
    const steps = [
      jest.spyOn(AccessControl.prototype, 'admit'),
      jest.spyOn(AdmissionService.prototype, 'acquire'),
      jest.spyOn(InvocationService.prototype, 'invoke'),
      jest.spyOn(WorkerSession.prototype, 'invoke'),
      jest.spyOn(PinoLog.prototype, 'info'),
    ];
    await expect(rehearse(served.app, patientMs)).resolves.toBe(rehearsedCalls);
    expect(steps.map((step) => step.mock.calls.length)).toEqual(steps.map(() => rehearsedCalls));
  });

  it('leaves no trace: nothing is counted, recorded, logged, audited or kept, and no container is made', async () => {
    served = await startApp(noEngine);
    const before = await traces(served);
    const said = listenTo(served.app.get(Log));
    const published = jest.spyOn(served.app.get(EndedCalls), 'publish');
    const recorded = jest.spyOn(RecordWriter.prototype, 'invocation');
    await expect(rehearse(served.app, patientMs)).resolves.toBe(rehearsedCalls);
    expect(said.filter(({ message }) => ofCalls.has(message))).toEqual([]);
    expect([published.mock.calls, recorded.mock.calls]).toEqual([[], []]);
    expect(await traces(served)).toEqual(before);
  });

  it('is over by its deadline, whatever it has reached', async () => {
    served = await startApp(noEngine);
    const before = await traces(served);
    const said = listenTo(served.app.get(Log));
    await expect(rehearse(served.app, 0)).resolves.toBeLessThan(rehearsedCalls);
    const err: unknown = expect.objectContaining({ message: 'It took longer than 0 ms.' });
    expect(said).toContainEqual({ level: 'debug', fields: { err }, message: failed });
    expect(await traces(served)).toEqual(before);
  });

  it.each([
    [
      'has no place for its socket',
      () => jest.spyOn(IpcService.prototype, 'open').mockRejectedValue(new Error('full')),
    ],
    [
      'has no entrance',
      () =>
        jest.spyOn(Gateway.prototype, 'onModuleInit').mockImplementation(() => {
          throw new Error('as told');
        }),
    ],
    [
      'is answered with an error',
      () => jest.spyOn(InvocationService.prototype, 'invoke').mockRejectedValue(new Error('as told')),
    ],
  ])('fails no start: one that %s is told in the log at debug', async (_, fail) => {
    served = await startApp(noEngine);
    const said = listenTo(served.app.get(Log));
    fail();
    await expect(rehearse(served.app, patientMs)).resolves.toBe(0);
    expect(said.filter(({ message }) => message === failed)).toMatchObject([{ level: 'debug' }]);
    expect(served.app.get(IpcService).openEndpoints).toBe(0);
    expect(await readdir(served.app.get(Installation).node.run)).toEqual([]);
  });
});
