import type { Server } from '../api/server.js';

/** What the server's OpenAPI document says of one setting, as far as its value is read by it. */
export interface SettingSchema {
  readonly types: readonly string[];
  readonly choices: readonly string[];
}

export type SettingsSchema = ReadonlyMap<string, SettingSchema>;

/** The settings that this server knows, which may be newer than this program. */
export async function settingsSchemaOf(server: Server): Promise<SettingsSchema> {
  const response = await server.accepted(await server.fetch('/openapi.json'));
  return settingsSchema(await response.json());
}

export function settingsSchema(document: unknown): SettingsSchema {
  const properties = at(document, 'components', 'schemas', 'FunctionSettingsPatch', 'properties');
  return new Map(
    Object.entries(properties ?? {}).map(([name, schema]: [string, unknown]) => {
      const { type, enum: choices } = schema as { type?: string | string[]; enum?: unknown[] };
      return [
        name,
        {
          types: [type ?? []].flat().filter((each) => each !== 'null'),
          choices: (choices ?? []).filter((choice) => typeof choice === 'string'),
        },
      ];
    }),
  );
}

function at(value: unknown, ...path: readonly string[]): object | undefined {
  let found: unknown = value;
  for (const name of path) found = (found as Record<string, unknown> | undefined)?.[name];
  return typeof found === 'object' && found !== null ? found : undefined;
}
