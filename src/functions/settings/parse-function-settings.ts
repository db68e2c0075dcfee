import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DomainError } from '../../common/errors/domain-error.js';
import type { FunctionSettings } from '../function.js';
import { defaultFunctionSettings, FunctionSettingsDto } from './function-settings.dto.js';

/** Reads the form field `settings`; without it, all defaults. Throws `INVALID_CONFIG` that names field and rule. */
export function parseFunctionSettings(field: unknown): FunctionSettings {
  if (field === undefined) return defaultFunctionSettings;
  const settings = { ...defaultFunctionSettings, ...validated(jsonObject(field)) };
  if (settings.maxContainers < settings.minContainers) {
    throw invalid('maxContainers', 'maxContainers must not be less than minContainers');
  }
  return settings;
}

function jsonObject(field: unknown): object {
  const value = typeof field === 'string' ? parsed(field) : undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalid('settings', 'settings must be one JSON object');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function validated(candidate: object): Partial<FunctionSettings> {
  // Asked here and not of the validator, which takes names that every object has (`constructor`) for known ones.
  const unknown = Object.keys(candidate)
    .find((name) => !Object.hasOwn(defaultFunctionSettings, name))
    ?.slice(0, 64);
  if (unknown !== undefined) throw invalid(unknown, `there is no setting ${unknown}`);
  const dto = plainToInstance(FunctionSettingsDto, candidate);
  const [problem] = validateSync(dto, { stopAtFirstError: true });
  if (problem)
    throw invalid(problem.property, Object.values(problem.constraints ?? {})[0] ?? 'it is not valid');
  return Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
}

function invalid(field: string, rule: string): DomainError {
  return new DomainError('INVALID_CONFIG', `The settings were refused: ${rule}.`, { field, reason: rule });
}
