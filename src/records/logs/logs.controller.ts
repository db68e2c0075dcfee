import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { RequiresScope } from '../../common/access/route-access.js';
import type { FunctionName } from '../../functions/function-name.js';
import { FunctionNamePipe } from '../../functions/function-name.pipe.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { RawQuery } from '../query-fields.js';
import { RecordReader } from '../record-reader.js';
import { sendJson } from '../send-json.js';
import { EventStream } from './event-stream.js';
import { LogPage } from './log-answer.js';
import { LogFollowing } from './log-following.js';
import { parseLastEventId, parseLogQuery } from './log-query.js';
import { DocumentedLogs } from './logs.openapi.js';

@ApiTags('records')
@Controller('logs')
export class LogsController {
  constructor(
    private readonly functions: FunctionRegistry,
    private readonly reader: RecordReader,
    private readonly following: LogFollowing,
  ) {}

  @Get(':name')
  @RequiresScope('logs:read')
  @DocumentedLogs()
  async logs(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Query() query: RawQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const { filter, follow } = parseLogQuery(query);
    const deployed = this.functions.get(name);
    if (follow) {
      const after = parseLastEventId(lastEventId);
      await this.following.follow(deployed, new EventStream(response), { filter, after });
      return;
    }
    const lines = await this.reader.lines({ ...filter, functionId: deployed.id });
    sendJson(response, new LogPage(name, lines));
  }
}
