import { becomes, within } from '../../support/eventually.js';
import type { HostileServer } from '../server.js';

/** Of a server whose engine fails: short, so that it soon knows, and long enough for a busy machine. */
export const settingsOfFaults = {
  GLAMBDAR_ENGINE_PING_TIMEOUT_MS: '2000',
  GLAMBDAR_ENGINE_ATTACH_TIMEOUT_MS: '5000',
  GLAMBDAR_ENGINE_CALL_TIMEOUT_MS: '5000',
  GLAMBDAR_ENGINE_EXIT_TIMEOUT_MS: '5000',
  GLAMBDAR_START_TIMEOUT_MS: '10000',
  GLAMBDAR_REAPER_FIRST_PAUSE_MS: '200',
};

const callTimeoutMs = 120_000;
const healthTimeoutMs = 60_000;
const recoveryTimeoutMs = 180_000;

/** Of the host and of the engine, which no answer may tell. */
const tellsTooMuch = /docker|crun|runc|sock|\/(var|run|tmp)\/|(container )[0-9a-f]{12}/i;

/** While it lasts every answer is right or the platform's fault, and in time; afterwards calls work again by themselves. */
export async function survives(
  { client }: HostileServer,
  fault: { begin(): void; end(): void },
): Promise<void> {
  fault.begin();
  try {
    for (let call = 0; call < 3; call += 1) {
      const { status, text } = await within(callTimeoutMs, 'A call', client.invoke('fresh'));
      if (status !== 503 && text !== '"fresh"') throw new Error(`${status} ${text}`);
      if (tellsTooMuch.test(text)) throw new Error(`It tells too much: ${text}`);
    }
    const live = await within(healthTimeoutMs, 'The health check', client.get('/health/live'));
    if (live.status !== 200) throw new Error(`Not live: ${live.status}`);
  } finally {
    fault.end();
  }
  const works = async () => (await client.invoke('fresh')).status === 200;
  if (!(await becomes(works, recoveryTimeoutMs))) throw new Error('It did not recover.');
}
