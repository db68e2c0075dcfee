import type { ChosenSettings, DeployedFunction } from '../../../src/functions/function.js';
import type { SealedSecret } from '../../../src/functions/sealed-secret.js';
import { completeSettings } from '../../../src/functions/settings/default-settings.js';
import { parseFunctionName } from '../../../src/functions/function-name.js';

let created = 0;

/** A deployed function with an id of its own; tests name what matters to them. */
export function deployedFunction(
  fields: {
    name?: string;
    revision?: number;
    settings?: ChosenSettings;
    secrets?: readonly SealedSecret[];
    loadFailure?: string | null;
  } = {},
): DeployedFunction {
  created += 1;
  const createdAt = new Date('2026-01-01T00:00:00Z');
  return {
    id: `function-${created}`,
    name: parseFunctionName(fields.name ?? `function${created}`),
    revision: fields.revision ?? 1,
    version: {
      id: `version-${created}`,
      number: 1,
      sha256: '0'.repeat(64),
      codeSha256: 'c'.repeat(64),
      codeBytes: 100,
      fileCount: 1,
      createdAt,
    },
    settings: completeSettings(fields.settings ?? {}),
    secrets: fields.secrets ?? [],
    loadFailure: fields.loadFailure ?? null,
    createdAt,
    lastInvokedAt: null,
    invokeCount: 0,
  };
}
