import { jest } from '@jest/globals';
import { FunctionStore } from '../../src/functions/store/function-store.js';
import { Readiness } from '../../src/health/health.controller.js';
import { RunningCalls } from '../../src/invocation/running-calls.js';
import { startApp, type ListeningApp } from '../support/app.js';

interface Health {
  readonly status: string;
  readonly details: Record<string, { readonly status: string; readonly message?: string }>;
}

let served: ListeningApp;
beforeEach(async () => {
  served = await startApp({ GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' });
});
afterEach(() => served.close());

async function ready(): Promise<{ httpStatus: number; health: Health }> {
  const response = await fetch(`${served.url}/health/ready`);
  return { httpStatus: response.status, health: (await response.json()) as Health };
}

describe('a server without a container engine', () => {
  it('is alive: starting it again would not help', async () => {
    const response = await fetch(`${served.url}/health/live`);
    expect(response.status).toBe(200);
    await expect(response.json()).resolves.toEqual({ status: 'ok' });
  });

  it('is not ready, says which checks failed, and names no path', async () => {
    const { httpStatus, health } = await ready();
    expect(httpStatus).toBe(503);
    expect(health.status).toBe('error');
    const states = Object.entries(health.details).map(([name, { status }]) => `${name} ${status}`);
    expect(states.sort()).toEqual(['accepting up', 'disk up', 'engine down', 'image down', 'store up']);
    expect(JSON.stringify(health)).not.toContain('/');
  });
});

describe('those who ask at once', () => {
  it('share one look, because anybody may ask', async () => {
    const check = jest.spyOn(served.app.get(FunctionStore), 'check');
    const readiness = served.app.get(Readiness);
    await Promise.all([readiness.check(), readiness.check(), readiness.check()]);
    expect(check).toHaveBeenCalledTimes(1);
    await readiness.check();
    expect(check).toHaveBeenCalledTimes(2);
  });
});

describe('a server that shuts down', () => {
  it('is not ready any more', async () => {
    await served.app.get(RunningCalls).drain();
    const { httpStatus, health } = await ready();
    expect([httpStatus, health.details['accepting']?.status]).toEqual([503, 'down']);
  });
});
