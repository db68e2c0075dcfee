import { DomainError } from '../../common/errors/domain-error.js';
import type { RuntimeName } from '../../runtimes/runtime.js';
import { buildImageName } from './build-program.js';

/** A function can mostly do without a build: whoever deploys learns how, and what to ask the operator for. */
export function explainMissingImage(error: unknown, runtime: RuntimeName, isInstall: boolean): unknown {
  if (!(error instanceof DomainError) || error.code !== 'IMAGE_MISSING') return error;
  const instead = isInstall
    ? 'deploy with node_modules in the archive'
    : 'set `build` to "none" if your TypeScript only needs its types stripped, or deploy JavaScript';
  const name = buildImageName(runtime);
  return new DomainError(
    'IMAGE_MISSING',
    `The image for builds of ${runtime} is missing and could not be made: ${instead}. The server's operator can make it with \`node scripts/image.mjs ${name}\`.`,
    {},
    { cause: error },
  );
}
