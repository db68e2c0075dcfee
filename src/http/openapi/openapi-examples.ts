import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { problemCatalogue } from '../problem-catalogue.js';
import { mapValues } from './map-values.js';
import { exampleProblem } from './problem-examples.js';

/** A JSON Schema, as far as examples are made of it. */
interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly format?: string;
}

interface MediaType {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: unknown;
}

type Content = Readonly<Record<string, MediaType>>;

interface WithContent {
  readonly content?: Content;
}

interface Operation {
  readonly requestBody?: WithContent;
  readonly responses: Readonly<Record<string, WithContent>>;
}

type Schemas = Readonly<Record<string, Schema>>;

const formType = 'multipart/form-data';
const problemType = 'application/problem+json';
const sampleInvocationId = '5f0c1f7e-3a52-4b5e-9c0a-0f6a5d1e2b3c';

/**
 * Gives every documented body an example: one for each code of a problem, for other bodies one that is made of the
 * examples of its schema's fields, unless it has its own.
 */
export function withExamples(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const paths = mapValues(document.paths, (item, path) =>
    mapValues(item as Record<string, Operation>, (operation) => exemplified(operation, path, schemas)),
  );
  return { ...document, paths: paths };
}

function exemplified(operation: Operation, path: string, schemas: Schemas): Operation {
  const { requestBody, responses } = operation;
  const mediaWithExample = (media: MediaType, type: string): MediaType => {
    // A file cannot be shown.
    if (type === formType) return media;
    return type === problemType ? problems(media, path) : composed(media, schemas);
  };
  const bodyWithExample = <T extends WithContent>(body: T): T =>
    body.content === undefined
      ? body
      : {
          ...body,
          content: mapValues(body.content, (media, type) => mediaWithExample(media, type)),
        };
  return {
    ...operation,
    ...(requestBody === undefined ? {} : { requestBody: bodyWithExample(requestBody) }),
    responses: mapValues(responses, bodyWithExample),
  };
}

function problems(media: MediaType, path: string): MediaType {
  const codes = (media.schema?.allOf ?? []).flatMap(
    ({ properties }) => (properties?.['code']?.enum ?? []) as ErrorCode[],
  );
  const invocationId = path.startsWith('/invoke/') ? sampleInvocationId : undefined;
  const examples = codes.map((code) => [
    code,
    { summary: problemCatalogue[code].title, value: exampleProblem(code, invocationId) },
  ]);
  return { ...media, examples: Object.fromEntries(examples) as unknown };
}

function composed(media: MediaType, schemas: Schemas): MediaType {
  if ('example' in media || 'examples' in media || media.schema === undefined) return media;
  const example = exampleOf(media.schema, schemas);
  return example === undefined ? media : { ...media, example };
}

/** Undefined where nothing is known that would be realistic, such as for a file. */
export function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if ('example' in schema) return schema.example;
  const referred = schema.$ref?.split('/').at(-1);
  if (referred !== undefined) return exampleOf(schemas[referred] ?? {}, schemas);
  if ('default' in schema) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.allOf) {
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, schemas))) as unknown;
  }
  if (schema.anyOf) return exampleOf(schema.anyOf[0] ?? {}, schemas);
  if (schema.items) return listOf(exampleOf(schema.items, schemas));
  return schema.properties && objectOf(schema.properties, schemas);
}

function listOf(example: unknown): unknown[] | undefined {
  return example === undefined ? undefined : [example];
}

function objectOf(properties: Readonly<Record<string, Schema>>, schemas: Schemas): object | undefined {
  const fields = Object.entries(properties)
    .map(([name, property]): [string, unknown] => [name, exampleOf(property, schemas)])
    .filter(([, example]) => example !== undefined);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
