import type { EffectiveSettings, SettingChange, VersionMetadata } from '@glambdar/client';

/** A version as it is listed; a server that does not know who published it, or with which settings, says null. */
export interface ListedVersion extends VersionMetadata {
  readonly publishedBy: { readonly id: string; readonly name: string | null } | null;
  readonly settings: EffectiveSettings | null;
  readonly changes: SettingChange[] | null;
}

export function listedVersion(version: VersionMetadata & Partial<ListedVersion>): ListedVersion {
  return { publishedBy: null, settings: null, changes: null, ...version };
}
