/** The JSON schema of `glambdar.json`, made from the OpenAPI document: a function's settings are described once. */

/**
 * @typedef {{ readonly [keyword: string]: unknown }} Schema
 * @typedef {{ components: { schemas: Readonly<Record<string, Schema>> } }} OpenApiDocument
 */

const ADDRESS = 'https://unpkg.com/glambdar/glambdar.schema.json';

/** @param {OpenApiDocument} document */
export function functionFileSchema({ components }) {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: ADDRESS,
    title: 'glambdar.json',
    description: 'How `glambdar deploy` publishes the function in this directory.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
        description:
          'The name of the function: 1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit. Without it, that of the directory.',
      },
      settings: {
        ...forEditors(components.schemas['FunctionSettingsPatch'] ?? {}),
        additionalProperties: false,
        description:
          'Settings of the function, applied with each deployment. Those that are not named stay as they are; null restores a default.',
      },
    },
  };
}

/**
 * JSON schema has a list of examples where OpenAPI has one, and needs no list of all types to mean any.
 * @param {Schema} schema
 * @returns {Schema}
 */
function forEditors({ example, properties, additionalProperties, ...others }) {
  const rest = Object.entries(others).filter(([keyword]) => keyword !== 'oneOf');
  return {
    ...Object.fromEntries(rest),
    ...(example === undefined ? {} : { examples: [example] }),
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, forEditors(property)]),
          ),
        }
      : {}),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties: isObject(additionalProperties)
            ? forEditors(additionalProperties)
            : additionalProperties,
        }),
  };
}

/** @param {unknown} value @returns {value is Record<string, Schema>} */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** As the formatter has it. @param {OpenApiDocument} document */
export async function functionFileSchemaText(document) {
  const { format } = await import('prettier');
  return format(JSON.stringify(functionFileSchema(document)), { parser: 'json', printWidth: 110 });
}
