import { Controller, Get } from '@nestjs/common';
import { RequiresScope } from '../../common/auth/route-access.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../common/openapi/documentation.js';
import { ServerDescription } from './server-description.js';
import { ServerResponse } from './server-response.js';

@ApiTags('metrics')
@Controller('server')
export class ServerController {
  constructor(private readonly server: ServerDescription) {}

  @Get()
  @RequiresScope('admin')
  @ApiOperation({
    operationId: 'getServer',
    summary: 'Describe the server: its settings, its storage, its engine and its runtimes',
    description: 'Secrets and paths of the machine are not shown.',
  })
  @ApiOkResponse({ type: ServerResponse })
  async describe(): Promise<ServerResponse> {
    return new ServerResponse(await this.server.read());
  }
}
