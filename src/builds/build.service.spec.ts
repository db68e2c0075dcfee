import { ManualClock } from '../../test/fakes/manual-clock.js';
import { settingsFor } from '../../test/support/builders/functions.js';
import type { StagedCode } from '../code/store/code-store.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { DomainError } from '../common/errors/domain-error.js';
import { Cancellation } from '../common/time/cancellation.js';
import { parseFunctionName } from '../functions/function-name.js';
import { completeSettings } from '../functions/settings/default-settings.js';
import { BuildFailure } from './build-failure.js';
import { type BuildEnd, BuildJournal } from './build-journal.js';
import { BuildService } from './build.service.js';
import type { BuildSteps } from './build-steps.js';
import { buildsSettings } from './builds.settings.js';
import { BuildQueue } from './queue/build-queue.js';

const functionName = parseFunctionName('shop');
const id = '3f2c1a9e-5b7d-4c11-9a44-0d6f6b1f5a10';

class RecordingJournal extends BuildJournal {
  readonly told: string[] = [];
  readonly ends: BuildEnd[] = [];
  isTaken = false;

  override open(build: { id: string; functionName: string }): boolean {
    this.told.push(`open ${build.functionName}`);
    return !this.isTaken;
  }
  override step(_: string, step: string): void {
    this.told.push(step);
  }
  override line(_: string, stream: string, text: string): void {
    this.told.push(`${stream}: ${text}`);
  }
  override end(_: string, end: BuildEnd): void {
    this.told.push(end.state);
    this.ends.push(end);
  }
  override discard(): void {
    this.told.push('discard');
  }
}

/** Unpacked code with these files, of which nothing is published. */
function stagedWith(files: Readonly<Record<string, string>>): StagedCode {
  return {
    files: {
      read: async (path: string) => (path in files ? Buffer.from(files[path] ?? '') : undefined),
      has: async (path: string) => path in files,
    },
  } as unknown as StagedCode;
}

const packages = stagedWith({ 'index.js': '', 'package.json': '{"dependencies":{"express":"5"}}' });
const plain = stagedWith({ 'index.js': '' });
const complete = stagedWith({});

describe('the service that builds', () => {
  const clock = new ManualClock();
  let journal: RecordingJournal;
  let take: BuildSteps['take'];
  let builds: BuildService;

  beforeEach(() => {
    const settings = settingsFor(buildsSettings, { parallel: 1, waiting: 1 });
    journal = new RecordingJournal();
    take = async (_staged, _plan, { log }) => {
      log.step('install');
      log.line('stdout', 'added 1 package');
      return { code: complete, cached: true };
    };
    const queue = new BuildQueue(clock, settings, settingsFor(fairShareSettings));
    const steps = { take: (...all: Parameters<BuildSteps['take']>) => take(...all) };
    builds = new BuildService(queue, steps, journal, clock, settings);
  });

  afterEach(() => {
    expect(clock.pendingTimers).toBe(0);
  });

  const request = (changed: object = {}) => ({
    functionName,
    settings: completeSettings({}),
    keyId: undefined,
    buildId: undefined,
    cancellation: new Cancellation(),
    ...changed,
  });

  it('leaves code alone that lacks nothing, or is not to be built', async () => {
    const unbuilt = { code: plain, build: null, notes: [] };
    await expect(builds.complete(plain, request())).resolves.toEqual(unbuilt);
    const settings = completeSettings({ build: 'none' });
    await expect(builds.complete(packages, request({ settings }))).resolves.toMatchObject({ build: null });
    expect(journal.told).toEqual([]);
  });

  it('makes what is lacking, tells of it, and says what it was', async () => {
    const built = await builds.complete(packages, request());
    expect(built).toMatchObject({
      code: complete,
      build: { id: expect.any(String) as string, state: 'succeeded', cached: true, seconds: 0 },
      notes: [expect.stringContaining('package-lock.json') as string],
    });
    expect(journal.told).toEqual(['open shop', 'queue', 'install', 'stdout: added 1 package', 'succeeded']);
  });

  it('uses an id that was announced, and gives it back if nothing was built', async () => {
    builds.announce(id, functionName);
    await expect(builds.complete(packages, request({ buildId: id }))).resolves.toMatchObject({
      build: { id },
    });
    builds.discard(id);
    expect(journal.told.filter((what) => what === 'discard')).toEqual([]);
    builds.announce(id, functionName);
    builds.discard(id);
    builds.discard(id);
    expect(journal.told.filter((what) => what === 'discard')).toEqual(['discard']);
  });

  it('refuses an id that is another build’s', () => {
    journal.isTaken = true;
    let refusal: unknown;
    try {
      builds.announce(id, functionName);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'BUILD_EXISTS', details: { field: 'buildId' } });
  });

  it('says of a failure which step it was, what to do, and the end of the log', async () => {
    take = async (_staged, _plan, { log }) => {
      log.line('stderr', 'npm error code E404');
      throw new BuildFailure('install', 'npm failed.');
    };
    await expect(builds.complete(packages, request())).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: 'Nothing was changed: the step install of the build failed. npm failed.',
      details: { buildId: expect.any(String) as string, log: ['npm error code E404', 'npm failed.'] },
    });
    expect(journal.ends).toEqual([
      { state: 'failed', cached: false, failure: { step: 'install', message: 'npm failed.' } },
    ]);
  });

  it('says so, too, of what no build could get', async () => {
    const git = stagedWith({ 'package.json': '{"dependencies":{"a":"github:a/a"}}' });
    await expect(builds.complete(git, request())).rejects.toMatchObject({ code: 'BUILD_FAILED' });
    expect(journal.told.at(-1)).toBe('failed');
  });

  it.each(['INSUFFICIENT_STORAGE', 'RUNTIME_UNAVAILABLE'] as const)('passes %s on as it is', async (code) => {
    take = () => Promise.reject(new DomainError(code, 'The platform is short of something.'));
    await expect(builds.complete(packages, request())).rejects.toMatchObject({ code });
    expect(journal.told.at(-1)).toBe('failed');
  });

  it('tells nobody of a defect what it was', async () => {
    take = () => Promise.reject(new Error('/var/lib/secret'));
    await expect(builds.complete(packages, request())).rejects.toThrow('secret');
    expect(JSON.stringify(journal.told)).not.toContain('secret');
  });

  describe('ends a build', () => {
    let running: Promise<unknown>;
    let client: Cancellation;
    beforeEach(async () => {
      const began = Promise.withResolvers<undefined>();
      take = (_staged, _plan, { cancellation }) => {
        began.resolve(undefined);
        return new Promise((_resolve, reject) => {
          cancellation.onCancel(reject);
        });
      };
      client = new Cancellation();
      running = builds.complete(packages, request({ cancellation: client }));
      running.catch(() => undefined);
      await began.promise;
    });

    it('when nobody waits for it any more', async () => {
      client.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
      await expect(running).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    });

    it('when its function is deleted, and no other', async () => {
      builds.cancel(parseFunctionName('other'));
      builds.cancel(functionName);
      await expect(running).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
    });

    it('when the server stops, also one that waits, and takes no other', async () => {
      const waiting = builds.complete(packages, request());
      waiting.catch(() => undefined);
      await new Promise(setImmediate);
      await builds.stop();
      await expect(running).rejects.toMatchObject({ code: 'DRAINING' });
      await expect(waiting).rejects.toMatchObject({ code: 'DRAINING' });
      await expect(builds.complete(packages, request())).rejects.toMatchObject({ code: 'DRAINING' });
    });
  });
});
