import { changeSettings, getSettings } from '@glambdar/client';
import { FunctionSettingsPatchSchema } from '@glambdar/client/schemas';
import { computed, signal } from '@preact/signals';
import { throwing } from '../../../api/client.js';
import { ApiError, sentenceOf } from '../../../api/problem.js';
import type { Pair } from '../../../parts/pair-rows.js';
import { settingChanges } from './setting-changes.js';
import { fieldAtFault, settingFieldsOf } from './setting-fields.js';
import {
  environmentPatch,
  patchedSettings,
  patchOf,
  type SettingEdit,
  type SettingEdits,
  type SettingValues,
  variableErrors,
} from './settings-patch.js';

export const settingFields = settingFieldsOf(FunctionSettingsPatchSchema.properties);

/** The settings that were read, and the tag that says of which revision they are. */
interface ReadSettings {
  readonly values: SettingValues;
  readonly etag: string;
}

/** The settings of one function, and what a person is changing about them. */
export class SettingsForm {
  readonly edits = signal<SettingEdits>({});
  readonly variables = signal<readonly Pair[] | undefined>(undefined);
  readonly errors = signal<Readonly<Record<string, string>>>({});
  /** What is wrong with no field in particular. */
  readonly failure = signal<string | undefined>(undefined);
  readonly warnings = signal<readonly string[]>([]);
  readonly isSaving = signal(false);
  /** What others have changed since the settings were read, when that was noticed. */
  readonly changedByOthers = signal<ReturnType<typeof settingChanges>>([]);
  private readonly read = signal<ReadSettings>({ values: {}, etag: '' });

  constructor(readonly name: string) {}

  readonly values = computed(() => this.read.value.values);
  readonly environment = computed(() => (this.values.value['environment'] ?? {}) as Record<string, string>);
  readonly rows = computed(() => this.variables.value ?? rowsOf(this.environment.value));
  readonly patch = computed(() => {
    const patch = patchOf(settingFields, this.values.value, this.edits.value);
    if ('environment' in patch || !this.variables.value) return patch;
    const environment = environmentPatch(this.environment.value, this.variables.value);
    return Object.keys(environment).length === 0 ? patch : { ...patch, environment };
  });

  /** What would be, for whoever wants to see it before it is saved. */
  readonly after = computed(() => patchedSettings(settingFields, this.values.value, this.patch.value));

  /** Reads the settings; what a person has written so far stays. */
  async load(still: AbortSignal): Promise<void> {
    const { data, response } = await getSettings({ ...throwing, path: { name: this.name }, signal: still });
    this.read.value = { values: { ...data }, etag: etagOf(response) };
  }

  edit(field: string, edit: SettingEdit): void {
    this.edits.value = { ...this.edits.value, [field]: edit };
    if (field === 'environment') this.variables.value = undefined;
    this.forgive(field);
  }

  editVariables(rows: readonly Pair[]): void {
    this.edits.value = without(this.edits.value, 'environment');
    this.variables.value = rows;
    this.forgive('environment');
  }

  discard(): void {
    this.edits.value = {};
    this.variables.value = undefined;
    this.errors.value = {};
    this.failure.value = undefined;
    this.changedByOthers.value = [];
  }

  /** Answers how many settings have changed; undefined where nothing could be saved. */
  async save(): Promise<number | undefined> {
    const wrong = variableErrors(this.rows.value);
    if (wrong.size > 0) return undefined;
    this.isSaving.value = true;
    this.failure.value = undefined;
    try {
      const { data, response } = await changeSettings({
        ...throwing,
        path: { name: this.name },
        body: this.patch.value,
        headers: { 'If-Match': this.read.value.etag },
      });
      const { changes = [], warnings = [], ...values } = data;
      this.discard();
      this.read.value = { values, etag: etagOf(response) };
      this.warnings.value = warnings;
      return changes.length;
    } catch (error) {
      await this.explain(error);
      return undefined;
    } finally {
      this.isSaving.value = false;
    }
  }

  private forgive(field: string): void {
    this.errors.value = without(this.errors.value, field);
  }

  private async explain(error: unknown): Promise<void> {
    const field = error instanceof ApiError ? fieldAtFault(settingFields, error) : undefined;
    if (error instanceof ApiError && error.code === 'REVISION_CHANGED') {
      const before = this.values.value;
      await this.load(new AbortController().signal).catch(() => undefined);
      this.changedByOthers.value = settingChanges(before, this.values.value);
      this.failure.value =
        'Somebody else has changed this function meanwhile. Nothing of yours is saved yet; look, and save again.';
    } else if (field !== undefined) {
      this.errors.value = { ...this.errors.value, [field]: sentenceOf(error) };
    } else {
      this.failure.value = sentenceOf(error);
    }
  }
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

function rowsOf(environment: Readonly<Record<string, string>>): readonly Pair[] {
  return Object.entries(environment).map(([name, value]) => ({ name, value }));
}

/** A proxy that compresses weakens the tag; the revision in it is the same. */
function etagOf(response: Response): string {
  return (response.headers.get('etag') ?? '*').replace(/^W\//, '');
}
