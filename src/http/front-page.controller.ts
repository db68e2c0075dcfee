import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../common/auth/route-access.js';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
  schemaPath,
} from '../common/openapi/documentation.js';

const summary = 'A serverless function runtime: deploy a zip, call it over HTTP.';

/** What stands at `/` for a program. */
export class FrontPage {
  @ApiProperty({ enum: ['glambdar'], example: 'glambdar' })
  readonly name: string = 'glambdar';

  @ApiProperty({ example: summary })
  readonly description: string = summary;

  @ApiProperty({ description: 'The page to work with: functions, calls, logs, settings.', example: '/ui' })
  readonly dashboard: string = '/ui';

  @ApiProperty({ description: 'Every route, as a page.', example: '/docs' })
  readonly docs: string = '/docs';

  @ApiProperty({ description: 'Every route, as an OpenAPI document.', example: '/openapi.json' })
  readonly openapi: string = '/openapi.json';
}

// Its links have no slash before them, so that they hold behind a proxy that serves it under a path.
const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Glambdar</title>
<h1>Glambdar</h1>
<p>${summary}</p>
<p><a href="ui">The dashboard</a>: functions, calls, logs and settings.</p>
<p><a href="docs">Every route, with examples</a>, and the same as <a href="openapi.json">an OpenAPI document</a>.</p>
</html>
`;

/** What somebody finds who only knows the server's address. */
@ApiTags('documentation')
@Controller()
export class FrontPageController {
  @Get()
  @Public()
  @ApiOperation({
    operationId: 'frontPage',
    summary: 'About this server',
    description: 'A page if the `Accept` header prefers HTML, as in browsers; otherwise JSON.',
  })
  @ApiExtraModels(FrontPage)
  @ApiOkResponse({
    description: 'Links to the documentation.',
    content: {
      'application/json': { schema: { $ref: schemaPath(FrontPage) } },
      'text/html': { schema: { type: 'string' }, example: html },
    },
  })
  show(@Req() request: Request, @Res() response: Response): void {
    response.vary('Accept');
    if (request.accepts(['application/json', 'text/html']) === 'text/html') response.type('html').send(html);
    else response.json(new FrontPage());
  }
}
