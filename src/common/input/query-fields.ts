import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import { ApiProblem } from '../openapi/api-problem.js';
import { ApiQuery } from '../openapi/documentation.js';
import { documentedFields, fieldsOf, type Shape } from './field-rules.js';
import { documentOn } from './json-body.js';
import { readTexts, unknownField } from './read-fields.js';

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

const declaredKey = 'glambdar:query';

/** For a route that has ignored its query since before queries were checked: clients of then must not break. */
export function IgnoresQuery(): MethodDecorator {
  return SetMetadata(declaredKey, true);
}

/** Whether a route says what its query may be. */
export function declaresQuery(handler: object): boolean {
  return Reflect.getMetadata(declaredKey, handler) === true;
}

/** For a route without fields in its query. Throws `MALFORMED_REQUEST` that names the first. */
export function requireNoQuery(query: Readonly<Record<string, unknown>>): void {
  const [name] = Object.keys(query);
  if (name !== undefined) throw unknownField(name, [], 'MALFORMED_REQUEST');
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
  return applyDecorators(...fields, ApiProblem(400, 'MALFORMED_REQUEST'), SetMetadata(declaredKey, true));
}
