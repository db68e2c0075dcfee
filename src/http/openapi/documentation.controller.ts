import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { extname } from 'node:path';
import { Public } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import {
  ApiExcludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { DocumentationFiles } from './documentation-files.js';
import { documentationPage, showDocument } from './documentation-page.js';

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
