import { Inject, Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '../common/errors/domain-error.js';
import { readFields, refusedField } from '../common/input/read-fields.js';
import type { FunctionName } from '../functions/function-name.js';
import { hostTaken } from '../functions/hosts/function-domain.js';
import { FunctionHosts } from '../functions/hosts/function-hosts.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { ChosenSettings, FunctionSettings, Schedule, SettingFields } from '../functions/function.js';
import { type ScheduleName, scheduleNotFound } from '../functions/schedule-name.js';
import {
  boundsOfMachine,
  chooseSettings,
  patchChosen,
  type SettingsBounds,
} from '../functions/settings/choose-settings.js';
import {
  completeSettings,
  functionDefaults,
  type FunctionDefaults,
} from '../functions/settings/default-settings.js';
import { FunctionSettingsPatch } from '../functions/settings/function-settings.dto.js';
import { type SettingChange, settingChanges } from '../functions/settings/setting-changes.js';
import { type Changer, nobodyInParticular, requireKeptWithin } from './changer.js';
import { LoadVerifier } from './load-verifier.js';
import { ReplacementService } from './replacement.service.js';

/**
 * Reads a client's settings. Throws `INVALID_SETTINGS` for a broken rule, `FORBIDDEN` for what only an administrator may
 * set, and `HOST_TAKEN`; all name the field and the rule.
 */
@Injectable()
export class SettingsReader {
  private readonly bounds: SettingsBounds;

  constructor(
    @Inject(functionDefaults.config.KEY) private readonly defaults: FunctionDefaults,
    @Inject(LoadVerifier) private readonly verifier: Pick<LoadVerifier, 'keptShare'>,
    @Inject(FunctionHosts) private readonly hosts: Pick<FunctionHosts, 'problemOf' | 'isChosen'>,
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
    return this.chosen(current, patchChosen(current?.chosen, fields), by);
  }

  /** The settings with this schedule set as a whole, or without it. Throws `SCHEDULE_NOT_FOUND` where there is none to delete. */
  withSchedule(
    current: Pick<FunctionSettings, 'chosen'>,
    name: ScheduleName,
    schedule: Schedule | undefined,
    by: Changer = nobodyInParticular,
  ): FunctionSettings {
    const schedules = new Map(Object.entries(current.chosen.schedules ?? {}));
    if (schedule) schedules.set(name, schedule);
    else if (!schedules.delete(name)) throw scheduleNotFound(name);
    return this.chosen(current, { ...current.chosen, schedules: Object.fromEntries(schedules) }, by);
  }

  private chosen(
    current: Pick<FunctionSettings, 'chosen'> | undefined,
    candidate: object,
    by: Changer,
  ): FunctionSettings {
    const settings = chooseSettings(candidate, this.bounds);
    this.requireFreeToChoose(settings.hosts, current?.chosen.hosts);
    if (!by.mayExceedShares) {
      // The server's defaults are its operator's choice: they count as kept already, not as a change.
      const before = completeSettings(current?.chosen ?? {}, this.defaults);
      requireKeptWithin(this.verifier.keptShare, before, settings);
    }
    return settings;
  }

  /** Hosts that the server has taken since then stay chosen, so that other settings can be changed. */
  private requireFreeToChoose(hosts: readonly string[], before: readonly string[] = []): void {
    for (const host of hosts) {
      if (before.includes(host)) continue;
      const problem = this.hosts.problemOf(host);
      if (problem !== undefined) throw refusedField('hosts', problem);
      // The store is the judge; this saves whoever asks too late a build.
      if (this.hosts.isChosen(host)) throw hostTaken(host);
    }
  }

  /** What was chosen once, and today's default for the rest. */
  completed(chosen: ChosenSettings): FunctionSettings {
    return completeSettings(chosen, this.defaults);
  }
}

/** With another of these, code that loads may load no more. */
const decidesLoading = ['handler', 'runtime', 'sandbox'] as const;

/** What a function's settings are, and the revision of the function that has them. */
export interface SettingsOfRevision {
  readonly settings: FunctionSettings;
  readonly revision: number;
}

/** Who changes settings, and of which revisions: a change made for settings that others have changed since is refused. */
export interface SettingsChangeOptions {
  readonly by?: Changer;
  readonly condition?: (revision: number) => boolean;
}

/** The outcome of a change of settings. */
export interface SettingsChange {
  readonly settings: SettingFields;
  /** Those that were replaced. */
  readonly before: SettingFields;
  readonly revision: number;
  readonly changes: readonly SettingChange[];
  readonly warnings: readonly string[];
}

/** Reads and changes the settings of functions, also while they are called. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly registry: FunctionRegistry,
    private readonly replacements: ReplacementService,
    private readonly reader: SettingsReader,
    private readonly verifier: LoadVerifier,
  ) {}

  /** Throws `FUNCTION_NOT_FOUND`. */
  settingsOf(name: FunctionName): SettingsOfRevision {
    return this.registry.get(name);
  }

  /**
   * The settings after a JSON merge patch. Every call runs wholly on the ones it found, and none fails because they
   * change. Rejects, and nothing has changed, with `FUNCTION_NOT_FOUND`, as `SettingsReader` does, with
   * `REVISION_CHANGED` when the condition does not hold, with `CANDIDATE_NOT_LOADABLE` when the code does not load with a changed handler, runtime or sandbox, or as `ReplacementService` does.
   */
  change(
    name: FunctionName,
    patch: unknown,
    { by = nobodyInParticular, ...options }: SettingsChangeOptions = {},
  ): Promise<SettingsChange> {
    return this.edit(name, (current) => this.reader.patched(current, patch, by), { by, ...options });
  }

  /**
   * One schedule is set as a whole, or deleted if it is undefined. Rejects with `SCHEDULE_NOT_FOUND` where there is none to
   * delete, and as `change` does.
   */
  setSchedule(
    name: FunctionName,
    schedule: ScheduleName,
    definition: Schedule | undefined,
    { by = nobodyInParticular, ...options }: SettingsChangeOptions = {},
  ): Promise<SettingsChange> {
    const edit = (current: FunctionSettings) => this.reader.withSchedule(current, schedule, definition, by);
    return this.edit(name, edit, { by, ...options });
  }

  private async edit(
    name: FunctionName,
    edited: (current: FunctionSettings) => FunctionSettings,
    { by = nobodyInParticular, condition = () => true }: SettingsChangeOptions,
  ): Promise<SettingsChange> {
    const { settings: current, revision } = this.settingsOf(name);
    requireUnchanged(condition(revision));
    // Check the rules before waiting for other changes.
    const wanted = edited(current);
    if (isDeepStrictEqual(wanted, current)) {
      const warnings = await this.verifier.settingsWarnings({ name, settings: current });
      return { settings: current, before: current, revision, changes: [], warnings };
    }
    await this.verifier.requireSandbox(current, wanted);
    const { before, after, warnings } = await this.replacements.replace(
      name,
      (latest) => {
        requireUnchanged(condition(latest.revision));
        return { ...latest, settings: edited(latest.settings) };
      },
      { mustLoad: decidesLoading.some((name) => wanted[name] !== current[name]), by },
    );
    return {
      settings: after.settings,
      before: before.settings,
      revision: after.revision,
      changes: settingChanges(before.settings, after.settings),
      warnings: [...warnings, ...(await this.verifier.settingsWarnings(after))],
    };
  }
}

function requireUnchanged(isUnchanged: boolean): void {
  if (isUnchanged) return;
  const message =
    'Nothing was changed: somebody else has changed the function since; read the settings again and send the change with the new ETag.';
  throw new DomainError('REVISION_CHANGED', message, { field: 'If-Match' });
}
