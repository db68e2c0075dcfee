import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { FunctionSettings, SettingFields } from '../functions/function.js';
import { settingChanges, type SettingChange } from '../functions/settings/setting-changes.js';
import { Candidates } from './candidates.js';
import { nobodyInParticular } from './changer.js';
import { ReplacementService } from './replacement.service.js';
import { SettingsReader } from './settings-reader.js';

/** What a change of settings has come to. */
export interface SettingsChange {
  readonly settings: SettingFields;
  readonly changes: readonly SettingChange[];
  readonly warnings: readonly string[];
}

/** Settings of functions that are there: read them, change them while they are called. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly registry: FunctionRegistry,
    private readonly replacements: ReplacementService,
    private readonly reader: SettingsReader,
    private readonly candidates: Candidates,
  ) {}

  /** Throws `FUNCTION_NOT_FOUND`. */
  settingsOf(name: FunctionName): FunctionSettings {
    return this.registry.get(name).settings;
  }

  /**
   * The settings after a JSON merge patch. Every call runs wholly on the ones it found, and none fails because they
   * change. Rejects, and nothing has changed, with `FUNCTION_NOT_FOUND`, as `SettingsReader` does, with
   * `CANDIDATE_NOT_LOADABLE` when the code does not load with a changed handler or runtime, or as `ReplacementService` does.
   */
  async change(name: FunctionName, patch: unknown, by = nobodyInParticular): Promise<SettingsChange> {
    const current = this.settingsOf(name);
    // What breaks a rule is refused before it waits for its turn.
    const wanted = this.reader.patched(current, patch, by);
    if (isDeepStrictEqual(wanted, current)) {
      return { settings: current, changes: [], warnings: await this.candidates.settingsWarnings(current) };
    }
    const { before, after, warnings } = await this.replacements.replace(
      name,
      (latest) => ({ ...latest, settings: this.reader.patched(latest.settings, patch, by) }),
      { mustLoad: wanted.handler !== current.handler || wanted.runtime !== current.runtime, by },
    );
    return {
      settings: after.settings,
      changes: settingChanges(before.settings, after.settings),
      warnings: [...warnings, ...(await this.candidates.settingsWarnings(after.settings))],
    };
  }
}
