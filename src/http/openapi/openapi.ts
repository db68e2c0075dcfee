import type { NestExpressApplication } from '@nestjs/platform-express';
import * as swagger from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { bearerSecurity, keySecurity } from '../../common/auth/route-access.js';
import { documentWith } from '../../common/openapi/documentation.js';
import { withExamples } from './openapi-examples.js';
import { namedByMethod } from './openapi-methods.js';
import { inOrder, tags } from './openapi-order.js';
import { problemSchema } from './problem-schema.js';

const summary =
  'A serverless function runtime: deploy a zip, call it over HTTP. Until you create a key, none is needed.';

/**
 * Every route of the application, its errors among them. Loads the generator, so only the build and tests import this; what
 * the build has made of it is served.
 */
export function openApiDocument(application: NestExpressApplication): OpenAPIObject {
  documentWith(swagger);
  const description = new swagger.DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Glambdar')
    .setDescription(summary)
    .setVersion('1')
    .addServer('/', 'This server')
    .addSecurity(bearerSecurity, {
      type: 'http',
      scheme: 'bearer',
      description: 'A key, `glb_<id>_<secret>`.',
    })
    .addSecurity(keySecurity, {
      type: 'apiKey',
      in: 'header',
      name: 'X-Glambdar-Key',
      description:
        'The same key. Use it if the function you call needs `Authorization` for itself; it takes precedence over `Authorization`.',
    })
    .build();
  const document = swagger.SwaggerModule.createDocument(application, description);
  return withExamples({
    ...document,
    info: { ...document.info, license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' } },
    tags,
    paths: inOrder(sayingWhoMayCall(namedByMethod(document.paths))),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: problemSchema },
    },
  });
}

/** A route that needs no key says so, so that its reader knows it was not forgotten. */
function sayingWhoMayCall(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  const saying = (item: object) =>
    Object.entries(item).map(([method, operation]): [string, unknown] => [
      method,
      { security: [], ...(operation as object) },
    ]);
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, Object.fromEntries(saying(item)) as typeof item]),
  );
}
