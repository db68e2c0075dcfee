import type { Server } from '../api/server.js';

/** What the server's OpenAPI document says of one setting, as far as its value is read by it. */
export interface SettingSchema {
  readonly types: readonly string[];
  readonly choices: readonly string[];
  /** Members of an object that have names of their own. */
  readonly members: SettingsSchema;
  /** What every other member is; undefined where there are no others. */
  readonly anyMember: SettingSchema | undefined;
}

export type SettingsSchema = ReadonlyMap<string, SettingSchema>;

/** The settings that this server knows, which may be newer than this program. */
export async function settingsSchemaOf(server: Server): Promise<SettingsSchema> {
  const response = await server.accepted(await server.fetch('/openapi.json'));
  return settingsSchema(await response.json());
}

export function settingsSchema(document: unknown): SettingsSchema {
  return schemasOf(at(document, 'components', 'schemas', 'FunctionSettingsPatch', 'properties'));
}

function schemasOf(properties: object | undefined): SettingsSchema {
  return new Map(Object.entries(properties ?? {}).map(([name, schema]) => [name, schemaOf(schema)]));
}

function schemaOf(schema: unknown): SettingSchema {
  const { type, enum: choices } = schema as { type?: string | string[]; enum?: unknown[] };
  const anyMember = at(schema, 'additionalProperties');
  return {
    types: [type ?? []].flat().filter((each) => each !== 'null'),
    choices: (choices ?? []).filter((choice) => typeof choice === 'string'),
    members: schemasOf(at(schema, 'properties')),
    anyMember: anyMember && schemaOf(anyMember),
  };
}

function at(value: unknown, ...path: readonly string[]): object | undefined {
  let found: unknown = value;
  for (const name of path) found = (found as Record<string, unknown> | undefined)?.[name];
  return typeof found === 'object' && found !== null ? found : undefined;
}
