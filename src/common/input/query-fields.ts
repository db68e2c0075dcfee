import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ApiProblem } from '../openapi/api-problem.js';
import { ApiQuery } from '../openapi/documentation.js';
import { documentedFields, fieldsOf, type Shape } from './field-rules.js';
import { documentOn } from './json-body.js';
import { readTexts } from './read-fields.js';

/**
 * The query of a request: fields of this shape, or the request is refused before the route runs. It is the one place that
 * says what the query may be, for the check and for the OpenAPI document alike.
 */
export function QueryFields(shape: Shape<object>): ParameterDecorator {
  const read = createParamDecorator((_: unknown, context: ExecutionContext) =>
    readQuery(shape, context.switchToHttp().getRequest<Request>().query),
  );
  return (target, key, index) => {
    read()(target, key, index);
    documentOn(target, key, DocumentedQuery(shape));
  };
}

/** As the query parser of the server gives it: a field that was given twice is a list. */
export function readQuery<T extends object>(shape: Shape<T>, query: Readonly<Record<string, unknown>>): T {
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((text) => [name, String(text)] as const),
  );
  return readTexts(shape, given, 'MALFORMED_REQUEST');
}

/** For a route that reads its query itself. */
export function DocumentedQuery(shape: Shape<object>): MethodDecorator {
  const schemas = documentedFields(shape);
  const fields = [...fieldsOf(shape)].map(([name, { described }]) => {
    const { description, ...schema } = (schemas[name] ?? {}) as { readonly description?: string };
    const required = described.required !== false;
    return ApiQuery({ name, required, ...(description !== undefined && { description }), schema });
  });
  return applyDecorators(...fields, ApiProblem(400, 'MALFORMED_REQUEST'));
}
