import { Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { QueryFields } from '../../common/input/query-fields.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { Clock } from '../../common/time/clock.js';
import { type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { RecordReader } from '../record-reader.js';
import { sendJson } from '../send-json.js';
import { LogPage } from './log-answer.js';
import { LogFollowing } from './log-following.js';
import { LogStream, plainText } from './log-stream.js';
import { followFormat, pageType } from './log-media-type.js';
import { lineFilterOf, LogQuery, parseLastEventId } from './log-query.js';
import { DocumentedLogs } from './logs.openapi.js';

@ApiTags('records')
@Controller('logs')
export class LogsController {
  constructor(
    private readonly functions: FunctionRegistry,
    private readonly reader: RecordReader,
    private readonly following: LogFollowing,
    private readonly clock: Clock,
  ) {}

  @Get(':name')
  @RequiresScope('logs:read')
  @DocumentedLogs()
  async logs(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @QueryFields(LogQuery) query: LogQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const filter = lineFilterOf(query, this.clock.wallTime().getTime());
    if (query.follow) {
      const stream = new LogStream(response, followFormat(request, response));
      const after = parseLastEventId(lastEventId);
      const caller = callerOf(request);
      await this.following.follow(this.functions.get(name), stream, { caller, filter, after });
      return;
    }
    const type = pageType(request, response);
    const page = await this.reader.lines({ ...filter, functionId: this.functions.get(name).id });
    if (type === 'json') sendJson(response, new LogPage(name, page));
    else response.type(plainText.contentType).send(page.lines.map((line) => plainText.line(line)).join(''));
  }
}
