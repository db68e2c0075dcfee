import { RecordingLog } from '../../test/fakes/recording-log.js';
import { ScriptedSandboxes } from '../../test/fakes/scripted-sandboxes.js';
import { deployedFunction, settingsFor } from '../../test/support/builders/functions.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { egressWarnings, LoadVerifier } from './load-verifier.js';

let sandboxes: ScriptedSandboxes;
let log: RecordingLog;

beforeEach(() => {
  sandboxes = new ScriptedSandboxes();
  log = new RecordingLog();
});

function verifierWith(whyUnreachable: (host: string) => Promise<string | undefined>): LoadVerifier {
  const shares = settingsFor(fairShareSettings, { functionPercent: 25 });
  return new LoadVerifier(sandboxes, { whyUnreachable }, { find: () => undefined }, shares, log);
}

describe('the load verifier', () => {
  it('may have kept ready their share of what all functions have', () => {
    const { keptShare } = verifierWith(() => Promise.resolve(undefined));
    expect(keptShare).toEqual({ containers: 4, memoryMiB: 2048 });
  });

  it('are made ready where their predecessors were, and where these did not load', async () => {
    const verifier = verifierWith(() => Promise.resolve(undefined));
    const [ready, idle, failing] = [deployedFunction(), deployedFunction(), deployedFunction()];
    const changed = { ...ready, settings: { ...ready.settings, environment: { A: '1' } } };
    await verifier.keepReady(ready, changed);
    sandboxes.standsReady = false;
    await verifier.keepReady(idle, idle);
    const before = { ...failing, loadFailure: 'No handler.' };
    await verifier.keepReady(before, failing);
    expect(sandboxes.prepared).toEqual([changed, failing]);
  });

  it('are not made ready where a container sees nothing of the change, which leaves those that are there', async () => {
    const verifier = verifierWith(() => Promise.resolve(undefined));
    const before = deployedFunction();
    const schedules = { often: { every: '1m' } };
    await verifier.keepReady(before, { ...before, settings: { ...before.settings, schedules } });
    expect(sandboxes.prepared).toEqual([]);
  });

  it('are saved when nobody can tell where their settings lead, without a warning but with a line in the log', async () => {
    const verifier = verifierWith(() => Promise.reject(new Error('no resolver')));
    const subject = deployedFunction({ settings: { egress: ['10.0.0.7'] } });
    await expect(verifier.settingsWarnings(subject)).resolves.toEqual([]);
    expect(log.messagesAt('error')).toHaveLength(1);
  });
});

const warningsOf = (...entries: string[]) =>
  egressWarnings(entries, {
    whyUnreachable: (host) => Promise.resolve(host === '10.0.0.7' ? 'is no public address.' : undefined),
  });

describe('the warnings of a setting egress', () => {
  it('are a sentence for each entry that leads nowhere, in their order', async () => {
    expect(await warningsOf('api.example.com', '10.0.0.7:5432', 'public', '*.example.com')).toEqual([
      'The setting egress: "10.0.0.7:5432" is no public address.',
    ]);
  });

  it.each(['127.0.0.1:*', '[::1]:*', 'localhost:*', 'db.localhost:*'])(
    'say that %s names no port of the server, whatever its operator has opened',
    async (entry) => {
      expect(await warningsOf(entry)).toEqual([expect.stringMatching(/leads nowhere: .*Name each port/)]);
    },
  );

  it('are none where the operator has opened the port', async () => {
    expect(await warningsOf('127.0.0.1:5432', 'localhost')).toEqual([]);
  });
});
