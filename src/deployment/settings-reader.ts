import { Inject, Injectable } from '@nestjs/common';
import { readFields } from '../common/input/read-fields.js';
import type { FunctionSettings } from '../functions/function.js';
import {
  boundsOfMachine,
  chooseSettings,
  mergePatch,
  type SettingsBounds,
} from '../functions/settings/choose-settings.js';
import {
  completeSettings,
  functionDefaults,
  type FunctionDefaults,
} from '../functions/settings/default-settings.js';
import { FunctionSettingsPatch } from '../functions/settings/function-settings.dto.js';
import { Candidates } from './candidates.js';
import { nobodyInParticular, type Changer } from './changer.js';
import { requireKeptWithin } from './kept-share.js';

/**
 * Reads settings from outside. Whatever breaks a rule is `INVALID_SETTINGS`, and what takes an administrator `FORBIDDEN`;
 * both name field and rule.
 */
@Injectable()
export class SettingsReader {
  private readonly bounds: SettingsBounds;

  constructor(
    @Inject(functionDefaults.config.KEY) private readonly defaults: FunctionDefaults,
    @Inject(Candidates) private readonly candidates: Pick<Candidates, 'keptShare'>,
  ) {
    this.bounds = boundsOfMachine(defaults);
  }

  /**
   * The settings after a JSON merge patch (RFC 7396), in which `null` restores the default. Those of a new function are
   * a patch of nothing chosen.
   */
  patched(
    current: Pick<FunctionSettings, 'chosen'> | undefined,
    patch: unknown,
    by: Changer = nobodyInParticular,
  ): FunctionSettings {
    const fields = readFields(FunctionSettingsPatch, patch, 'settings');
    const settings = chooseSettings(mergePatch(current?.chosen, fields), this.bounds);
    if (!by.mayExceedShares) {
      // The server's own defaults are its operator's business, and no change of anybody's.
      const before = completeSettings(current?.chosen ?? {}, this.defaults);
      requireKeptWithin(this.candidates.keptShare, before, settings);
    }
    return settings;
  }
}
