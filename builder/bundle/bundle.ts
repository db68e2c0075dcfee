import { build, formatMessages, type BuildFailure, type BuildResult, type Message } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import type { BundleOrder } from '../../src/builds/protocol/messages.js';
import type { BuildLog } from '../build-log.js';
import { StepFailure } from '../step-failure.js';
import { bundleOptions } from './bundle-options.js';
import { declaredFormat, type ModuleFormat, outputPath } from './module-format.js';
import { bundleRemarks } from './remarks.js';

/** Most errors and warnings of one bundle that go to the log. */
const maxMessages = 50;

interface Bundled extends BuildResult<ReturnType<typeof bundleOptions>> {
  readonly format: ModuleFormat;
}

/**
 * Makes one JavaScript file of the entry file and the files of the upload that it imports, with a source map beside it.
 * Packages stay packages. Rejects with a `StepFailure` where the code is not right.
 */
export async function bundle({ entry }: BundleOrder, project: string, log: BuildLog): Promise<void> {
  const { format, outputFiles, metafile, warnings } = await bundled(entry, project).catch(
    async (error: unknown) => {
      if (!isBuildFailure(error)) throw error;
      await show(error.errors, 'error', log);
      throw failureOf(entry, error.errors);
    },
  );
  await show(warnings, 'warning', log);
  for (const remark of bundleRemarks(project, entry, metafile)) await log.say(remark);
  for (const { path, contents } of outputFiles) await writeFile(path, contents);
  await log.say(`Bundled ${entry} into ${outputPath(entry, format)}.`);
}

/**
 * Where nothing says which kind of module the entry is, it becomes CommonJS, as TypeScript itself would make it, unless
 * it has what only ES modules have.
 */
async function bundled(entry: string, project: string): Promise<Bundled> {
  const declared = declaredFormat(project, entry);
  if (declared) return run(entry, project, declared);
  try {
    const result = await run(entry, project, 'cjs');
    if (!result.warnings.some(({ id }) => id === 'empty-import-meta')) return result;
  } catch (error) {
    if (!isBuildFailure(error) || !error.errors.some(isAboutAwait)) throw error;
  }
  return run(entry, project, 'esm');
}

async function run(entry: string, project: string, format: ModuleFormat): Promise<Bundled> {
  return { ...(await build(bundleOptions(project, entry, format))), format };
}

function isAboutAwait({ text }: Message): boolean {
  return text.startsWith('Top-level await');
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

async function show(messages: readonly Message[], kind: 'error' | 'warning', log: BuildLog): Promise<void> {
  if (messages.length === 0) return;
  const texts = await formatMessages(messages.slice(0, maxMessages), {
    kind,
    color: false,
    terminalWidth: 120,
  });
  const lines = texts.flatMap((text) => text.trimEnd().split('\n'));
  await log.lines(kind === 'error' ? 'stderr' : 'stdout', lines);
}

function failureOf(entry: string, errors: readonly Message[]): StepFailure {
  const [first] = errors;
  const place = first?.location
    ? `${first.location.file}:${first.location.line}:${first.location.column + 1}: `
    : '';
  const more = errors.length > 1 ? ` ${errors.length - 1} more in the log.` : '';
  return new StepFailure(
    'bundle',
    `${entry} cannot be bundled: ${place}${first?.text ?? 'esbuild failed'}.${more} Correct the code and deploy again.`,
  );
}
