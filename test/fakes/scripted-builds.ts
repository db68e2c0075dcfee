import type { BuildRequest, BuildService, BuiltCode } from '../../src/builds/build.service.js';
import type { StagedCode } from '../../src/code/store/code-store.js';

/** Builds nothing unless a test says so. */
export class ScriptedBuilds implements Pick<BuildService, 'complete' | 'announce' | 'discard' | 'cancel'> {
  readonly asked: BuildRequest[] = [];
  readonly announced: string[] = [];
  readonly discarded: string[] = [];
  readonly cancelled: string[] = [];
  work: (staged: StagedCode) => Promise<BuiltCode> = (code) =>
    Promise.resolve({ code, build: null, notes: [] });

  complete(staged: StagedCode, request: BuildRequest): Promise<BuiltCode> {
    this.asked.push(request);
    return this.work(staged);
  }

  announce(id: string): void {
    this.announced.push(id);
  }

  cancel(name: string): void {
    this.cancelled.push(name);
  }

  discard(id: string): void {
    this.discarded.push(id);
  }
}
