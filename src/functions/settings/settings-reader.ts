import { Inject, Injectable } from '@nestjs/common';
import type { FunctionSettings } from '../function.js';
import {
  boundsOfMachine,
  chooseSettings,
  invalidSettings,
  requireKnown,
  type SettingsBounds,
} from './choose-settings.js';
import { functionDefaults, type FunctionDefaults } from './default-settings.js';
import { mergePatch } from './merge-patch.js';

/** Reads settings from outside. Whatever breaks a rule is `INVALID_CONFIG`, which names field and rule. */
@Injectable()
export class SettingsReader {
  private readonly bounds: SettingsBounds;

  constructor(@Inject(functionDefaults.config.KEY) defaults: FunctionDefaults) {
    this.bounds = boundsOfMachine(defaults);
  }

  /**
   * The settings after a JSON merge patch (RFC 7396), in which `null` restores the default. Those of a new function are
   * a patch of nothing chosen.
   */
  patched(current: Pick<FunctionSettings, 'chosen'> | undefined, patch: unknown): FunctionSettings {
    if (!isObject(patch)) throw invalidSettings('settings', 'settings must be one JSON object');
    requireKnown(patch);
    return chooseSettings(mergePatch(current?.chosen, patch), this.bounds);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
