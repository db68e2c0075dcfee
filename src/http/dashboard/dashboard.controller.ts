import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { extname } from 'node:path';
import { callerOf } from '../../common/auth/caller.js';
import { Public } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiExcludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { codings, type DashboardFile, DashboardFiles, pageFile } from './dashboard-files.js';

/** No script or style runs that is not one of the dashboard's own files, and nothing is sent to anybody else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Their names have a hash of their contents, so a name never gets other contents. */
const immutable = 'public, max-age=31536000, immutable';

const html = {
  description: 'HTML.',
  content: {
    'text/html': { schema: { type: 'string' as const }, example: '<!doctype html><title>Glambdar</title>' },
  },
};

/** The dashboard's page and the files that it consists of. The page itself asks who may see what. */
@ApiTags('documentation')
@Controller('ui')
export class DashboardController {
  constructor(private readonly files: DashboardFiles) {}

  @Get()
  @Public()
  @ApiOperation({
    operationId: 'dashboard',
    summary: 'The dashboard',
    description: 'A page for browsers. No key needed, even if keys exist: the page asks you to sign in.',
  })
  @ApiOkResponse(html)
  @ApiProblem(404, 'ROUTE_NOT_FOUND')
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    const page = await this.files.find(pageFile);
    if (!page) throw notBuilt();
    response.setHeader('Content-Security-Policy', policy);
    // It names the other files, so an old one would ask for files of an old build.
    response.setHeader('Cache-Control', 'no-cache');
    const prefix = callerOf(request).forwarded?.prefix ?? '';
    if (prefix === '') send(page, '.html', request, response);
    else response.type('.html').send(below(prefix, page.content));
  }

  /** A view of the page, or one of its files. */
  @Get('*path')
  @Public()
  @ApiExcludeEndpoint()
  async part(
    @Param('path') path: string | readonly string[],
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const name = typeof path === 'string' ? path : path.join('/');
    // Only files have an extension: no function, and so no view of one, has a dot in its name.
    if (extname(name) === '' || name === pageFile) return this.page(request, response);
    const file = await this.files.find(name);
    if (!file) {
      throw new DomainError('ROUTE_NOT_FOUND', 'The dashboard has no such file; reload the page.');
    }
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Cache-Control', name.startsWith('assets/') ? immutable : 'no-cache');
    send(file, extname(name), request, response);
  }
}

/** The page where a trusted proxy serves the server below a path: its files are there, too. A prefix has no quotes in it. */
function below(prefix: string, page: Buffer): string {
  return page.toString().replaceAll('"/ui/', () => `"${prefix}/ui/`);
}

/** As the client takes it; `304` where the client has it already. */
function send(
  { content, compressed, etag }: DashboardFile,
  type: string,
  request: Request,
  response: Response,
): void {
  response.type(type).vary('Accept-Encoding');
  const coding = codings.find((one) => compressed[one] && request.acceptsEncodings(one));
  if (coding !== undefined) response.setHeader('Content-Encoding', coding);
  response.setHeader('ETag', `"${etag}${coding === undefined ? '' : `-${coding}`}"`);
  response.send(coding === undefined ? content : compressed[coding]);
}

function notBuilt(): DomainError {
  return new DomainError(
    'ROUTE_NOT_FOUND',
    'The dashboard has not been built: run npm run build in the directory of Glambdar, then reload this page.',
  );
}
