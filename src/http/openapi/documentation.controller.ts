import { Controller, Get, Injectable, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Public } from '../../common/auth/route-access.js';
import { safeMethods } from '../../common/auth/safe-methods.js';
import { DomainError } from '../../common/errors/domain-error.js';
import {
  ApiExcludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '../../common/openapi/documentation.js';

/** Under the content security policy no script runs that stands in the page itself, and its links hold behind a proxy. */
const documentationPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Glambdar</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/show.js"></script>
</html>
`;

/** `docs/show.js`. */
const showDocument = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // Nobody else is sent the document.
  validatorUrl: null,
  // Whoever is signed in tries routes with their session, which for a change also needs a token.
  requestInterceptor: async (request) => {
    if (${JSON.stringify([...safeMethods])}.includes(request.method ?? 'GET')) return request;
    const { csrfToken } = await (await fetch('session')).json();
    if (csrfToken !== null) request.headers['X-Glambdar-CSRF'] = csrfToken;
    return request;
  },
});
`;

/** What the page needs of Swagger UI; nothing else of that package is served. */
const ofPage: readonly string[] = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** The files of the documentation, each read when somebody first asks for it, and then kept: all who read share one copy. */
@Injectable()
export class DocumentationFiles {
  /** Where the build has put `openapi.json`. Tests bind another directory: they have no build. */
  readonly built: string = fileURLToPath(new URL('../../..', import.meta.url));
  private readonly contents = new Map<string, Buffer>();

  document(): Promise<Buffer> {
    return this.read(join(this.built, 'openapi.json'));
  }

  /** Undefined for a name that is none of the page's. */
  partOfPage(name: string): Promise<Buffer> | undefined {
    if (!ofPage.includes(name)) return undefined;
    const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    return this.read(join(directory, name));
  }

  private async read(file: string): Promise<Buffer> {
    const content = this.contents.get(file) ?? (await readFile(file));
    this.contents.set(file, content);
    return content;
  }
}

const description = 'No key needed, even if keys exist.';

/** The document that the build has made, and a page that shows it. */
@ApiTags('documentation')
@Controller()
export class DocumentationController {
  constructor(private readonly files: DocumentationFiles) {}

  @Get('openapi.json')
  @Public()
  @ApiOperation({ operationId: 'openapi', summary: 'This document', description })
  @ApiOkResponse({
    description: 'OpenAPI 3.1.',
    content: {
      'application/json': {
        schema: { type: 'object' },
        example: { openapi: '3.1.0', info: { title: 'Glambdar', version: '1' }, paths: {} },
      },
    },
  })
  async document(@Res() response: Response): Promise<void> {
    response.type('application/json').send(await this.files.document());
  }

  @Get('docs')
  @Public()
  @ApiOperation({ operationId: 'docs', summary: 'This document as a page', description })
  @ApiOkResponse({
    description: 'HTML.',
    content: {
      'text/html': { schema: { type: 'string' }, example: '<!DOCTYPE html><title>Swagger UI</title>' },
    },
  })
  page(@Req() request: Request, @Res() response: Response): void {
    // What the page refers to is found from where it is without the slash.
    if (request.path.endsWith('/')) response.redirect('../docs');
    else response.type('html').send(documentationPage);
  }

  /** What the page consists of. */
  @Get('docs/:file')
  @Public()
  @ApiExcludeEndpoint()
  async part(@Param('file') name: string, @Res() response: Response): Promise<void> {
    const content = name === 'show.js' ? showDocument : await this.files.partOfPage(name);
    if (content === undefined) {
      throw new DomainError('ROUTE_NOT_FOUND', 'The page has no such part; /openapi.json lists every route.');
    }
    response.type(extname(name)).send(content);
  }
}
