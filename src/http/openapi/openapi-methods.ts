import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];
type PathItem = Paths[string];
type Operation = NonNullable<PathItem['get']>;

/** The methods of OpenAPI 3.1 that may come up in a route of every method; the framework documents more. */
const methods = ['post', 'get', 'put', 'delete', 'patch', 'options', 'head'] as const;
/** `fetch` lets these have no body, and what a server makes of one is undefined. */
const withoutBody: readonly string[] = ['get', 'head'];

/**
 * A route of every method is documented once for each, all under one name; but a client needs names of their own. POST
 * keeps the route's, the others add their method: `invoke`, `invokeGet`, `invokeHead`, …
 */
export function namedByMethod(paths: Paths): Paths {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, takesEveryMethod(item) ? renamed(item) : item]),
  );
}

function takesEveryMethod(item: PathItem): boolean {
  return methods.every((method) => item[method]?.operationId === item.post?.operationId);
}

function renamed(item: PathItem): PathItem {
  const operations = methods.map((method) => {
    const { requestBody, ...operation } = item[method] ?? { responses: {} };
    const suffix = method === 'post' ? '' : `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
    const operationId = `${operation.operationId ?? ''}${suffix}`;
    const body = requestBody === undefined || withoutBody.includes(method) ? {} : { requestBody };
    const responses = method === 'head' ? withoutContent(operation.responses) : operation.responses;
    return [method, { ...operation, responses, ...body, operationId }];
  });
  return Object.fromEntries(operations) as PathItem;
}

/** An answer to HEAD has no body, whatever its status. */
function withoutContent(responses: Operation['responses']): Operation['responses'] {
  const statuses = Object.entries(responses).map(([status, response]) => {
    const head = { ...response };
    Reflect.deleteProperty(head, 'content');
    return [status, head];
  });
  return Object.fromEntries(statuses) as Operation['responses'];
}
