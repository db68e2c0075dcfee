import type { DeploymentResponse } from '@glambdar/client';
import { computed, signal } from '@preact/signals';
import { ApiError, isAborted, sentenceOf } from '../api/problem.js';
import { upload } from '../api/upload.js';
import { newBuildId } from './build-id.js';
import { BuildLog, type Told } from './build-log.js';
import type { CodeFile } from './code-files.js';
import { pack } from './pack.js';

/** How far a deployment is. `part` is what has been done of it, 0 to 1. */
export type Stage =
  | { readonly is: 'choosing' }
  | { readonly is: 'packing' | 'uploading'; readonly part: number }
  | { readonly is: 'publishing' }
  | { readonly is: 'deployed'; readonly result: DeploymentResponse }
  | { readonly is: 'failed'; readonly error: ApiError };

export interface Order {
  readonly name: string;
  /** An archive, or the files to pack. */
  readonly code: File | readonly CodeFile[];
}

/** One deployment from this page: packs, sends, and follows what the server makes of it. */
export class Deployment {
  readonly stage = signal<Stage>({ is: 'choosing' });
  readonly log = signal<BuildLog | undefined>(undefined);
  readonly isUnderWay = computed(() => ['packing', 'uploading', 'publishing'].includes(this.stage.value.is));
  private cancellation = new AbortController();

  /** Never rejects: the last stage says how it went. */
  async run({ name, code }: Order): Promise<void> {
    this.cancellation = new AbortController();
    const buildId = newBuildId();
    const log = new BuildLog(buildId);
    this.log.value = log;
    try {
      this.stage.value = {
        is: 'deployed',
        result: await this.send(name, await this.packed(code), buildId, log),
      };
    } catch (error) {
      if (isAborted(error)) this.stage.value = { is: 'choosing' };
      else this.fail(error, log);
    } finally {
      log.finish();
    }
  }

  /** What was not yet published is not; what the server already publishes, it may finish. */
  cancel(): void {
    this.cancellation.abort();
  }

  /** Back to the choice of a name, with the same code. */
  reset(): void {
    this.stage.value = { is: 'choosing' };
    this.log.value = undefined;
  }

  private packed(code: Order['code']): Promise<Blob> | Blob {
    if (code instanceof File) return code;
    const onProgress = (part: number) => {
      this.stage.value = { is: 'packing', part };
    };
    onProgress(0);
    return pack(code, onProgress, this.cancellation.signal);
  }

  private send(name: string, archive: Blob, buildId: string, log: BuildLog): Promise<DeploymentResponse> {
    const form = new FormData();
    form.set('file', archive, `${name}.zip`);
    this.stage.value = { is: 'uploading', part: 0 };
    return upload<DeploymentResponse>({
      method: 'PUT',
      path: `/deploy/${encodeURIComponent(name)}?buildId=${buildId}`,
      form,
      signal: this.cancellation.signal,
      onProgress: (part) => {
        log.follow();
        this.stage.value = part < 1 ? { is: 'uploading', part } : { is: 'publishing' };
      },
    });
  }

  private fail(thrown: unknown, log: BuildLog): void {
    const error = thrown instanceof ApiError ? thrown : unpackable(thrown);
    log.fill(toldLog(error));
    this.stage.value = { is: 'failed', error };
  }
}

function unpackable(thrown: unknown): ApiError {
  return new ApiError(`The code could not be packed: ${sentenceOf(thrown)} Choose it again.`, 0, undefined);
}

/** The end of the build's log, which a failed build's problem tells. */
function toldLog({ problem }: ApiError): readonly Told[] {
  return (problem?.log ?? []).map((text) => ({ stream: 'stdout', text }));
}
