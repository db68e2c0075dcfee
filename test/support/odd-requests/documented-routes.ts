import type { OpenAPIObject } from '@nestjs/swagger';

/** What the OpenAPI document says of one route, as far as requests are made of it. */
export interface DocumentedRoute {
  /** In capitals. */
  readonly method: string;
  /** With `{name}` for a parameter. */
  readonly path: string;
  readonly queryNames: readonly string[];
  readonly bodyTypes: readonly string[];
  /** What the fields of its bodies are called, at whatever depth. */
  readonly bodyFields: readonly string[];
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}

/** Every route, so that what is added tomorrow is among them. */
export function documentedRoutes({ paths, components }: OpenAPIObject): DocumentedRoute[] {
  const schemas = (components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  const fieldsOf = ({ $ref, properties = {}, allOf = [] }: Schema = {}): string[] => [
    ...($ref === undefined ? [] : fieldsOf(schemas[$ref.replace(/^.*\//, '')])),
    ...Object.entries(properties).flatMap(([name, schema]) => [name, ...fieldsOf(schema)]),
    ...allOf.flatMap(fieldsOf),
  ];
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      queryNames: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      bodyTypes: Object.keys(requestBody?.content ?? {}),
      bodyFields: Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema)),
    })),
  );
}
