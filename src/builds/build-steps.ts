import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { StagedCode } from '../code/store/code-store.js';
import { DomainError } from '../common/errors/domain-error.js';
import type { Cancellation } from '../common/time/cancellation.js';
import type { FunctionName } from '../functions/function-name.js';
import type { FunctionSettings } from '../functions/function.js';
import { BuildFailure } from './build-failure.js';
import type { BuildLog } from './build-log.js';
import { buildsSettings, type BuildsSettings, registriesOf } from './builds.settings.js';
import { BuildCache } from './cache/build-cache.js';
import { BuildRunner } from './container/build-runner.js';
import type { BuildPlan, BundlePlan, InstallPlan } from './plan/build-plan.js';

export interface StepContext {
  readonly functionName: FunctionName;
  readonly settings: FunctionSettings;
  readonly log: BuildLog;
  readonly cancellation: Cancellation;
}

interface Made {
  readonly code: StagedCode;
  readonly cached: boolean;
}

/** Why a result that is too large was refused, by the rule it broke; what else is refused says so itself. */
const tooLarge: Readonly<Record<string, string>> = {
  archive_too_large: 'GLAMBDAR_ARCHIVE_MAX_MIB',
  unpacked_too_large: 'GLAMBDAR_ARCHIVE_MAX_UNPACKED_MIB',
  file_too_large: 'GLAMBDAR_ARCHIVE_MAX_FILE_MIB',
  too_many_entries: 'GLAMBDAR_ARCHIVE_MAX_ENTRIES',
  ratio_too_high: 'GLAMBDAR_ARCHIVE_MAX_RATIO',
};

/**
 * Makes what a plan says, one thing in one container, and adds each to the code: packages first, then the bundle, which
 * leaves packages outside.
 */
@Injectable()
export class BuildSteps {
  constructor(
    private readonly runner: BuildRunner,
    private readonly cache: BuildCache,
    @Inject(buildsSettings.config.KEY) private readonly settings: BuildsSettings,
  ) {}

  async take(staged: StagedCode, plan: BuildPlan, context: StepContext): Promise<Made> {
    const installed = plan.install
      ? await this.install(staged, plan.install, context)
      : { code: staged, cached: false };
    if (!plan.bundle) return installed;
    return { ...installed, code: await this.bundle(installed.code, plan.bundle, context) };
  }

  private async install(staged: StagedCode, plan: InstallPlan, context: StepContext): Promise<Made> {
    const archivePath = join(staged.scratchDirectory, 'install.zip');
    const key = plan.contentKey === null ? null : this.cacheKey(plan.contentKey, context);
    if (key !== null && (await this.cache.fetch(key, archivePath))) {
      context.log.step('install');
      context.log.line(
        'system',
        'The packages come from the cache: the lock file is the same as in an earlier build.',
      );
      return { code: await this.add(staged, archivePath, context), cached: true };
    }
    const { command, scripts } = plan;
    const registry = registriesOf(this.settings)[0]?.href ?? '';
    const facts = await this.run(
      staged,
      { install: { command, scripts, registry }, bundle: null },
      archivePath,
      context,
    );
    if (facts.bytes === 0) return { code: staged, cached: false };
    const code = await this.add(staged, archivePath, context);
    if (key !== null) await this.cache.store(key, archivePath);
    return { code, cached: false };
  }

  private async bundle(staged: StagedCode, { entry }: BundlePlan, context: StepContext): Promise<StagedCode> {
    const archivePath = join(staged.scratchDirectory, 'bundle.zip');
    const facts = await this.run(staged, { install: null, bundle: { entry } }, archivePath, context);
    return facts.bytes === 0 ? staged : this.add(staged, archivePath, context);
  }

  private run(
    { directory: sourceDirectory }: StagedCode,
    order: Pick<Parameters<BuildRunner['run']>[0], 'install' | 'bundle'>,
    archivePath: string,
    { functionName, settings, log, cancellation }: StepContext,
  ) {
    const { runtime } = settings;
    return this.runner.run(
      { ...order, runtime, sourceDirectory, archivePath, functionName },
      {
        onStep: (step) => {
          log.step(step);
        },
        onLine: (stream, text) => {
          log.line(stream, text);
        },
      },
      cancellation,
    );
  }

  private async add(staged: StagedCode, archivePath: string, { log }: StepContext): Promise<StagedCode> {
    log.step('validate');
    try {
      return await staged.add(archivePath);
    } catch (error) {
      throw error instanceof DomainError ? refusalOf(error) : error;
    }
  }

  /** The image stands for Node.js, npm and the platform: it is named after what is in it. */
  private cacheKey(contentKey: string, { settings: { runtime } }: StepContext): string {
    const parts = [contentKey, runtime, this.settings[runtime], process.arch, this.settings.registries];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  }
}

/** A result that broke a rule of uploads is the build's failure; anything else is the platform's. */
function refusalOf(error: DomainError): Error {
  const { reason } = error.details;
  if (reason === undefined) return error;
  const setting = tooLarge[reason];
  const advice =
    setting === undefined
      ? 'Deploy with node_modules in the archive, or leave out the package that it is of.'
      : `A function with its packages may have no more (${setting}): use fewer or smaller packages.`;
  return new BuildFailure('validate', `${error.message} ${advice}`, reason, { cause: error });
}
