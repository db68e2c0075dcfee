import { Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Audited, setAuditedSubject } from '../../common/audit/audited.js';
import { type Caller, callerOf, grants, requireWithinReach, seesOutput } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { sendJson } from '../../common/connection/send-json.js';
import { QueryFields } from '../../common/input/query-fields.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import type { EventRecord } from '../../events/event.js';
import { KeptEvents } from '../../events/kept-events.js';
import type { FunctionName } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { DeployedFunction } from '../../functions/function.js';
import { cursorOf, EventQuery, EventsQuery, PurgeQuery, RetryQuery, statesOf } from './event-queries.js';
import { DeletedEvents, EventList, EventResponse, RetriedEvents } from './event-response.js';
import { EventWaiting } from './event-waiting.js';
import {
  DocumentedDeletion,
  DocumentedEvent,
  DocumentedEvents,
  DocumentedPurge,
  DocumentedRetries,
  DocumentedRetry,
} from './events.openapi.js';

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(
    private readonly events: KeptEvents,
    private readonly functions: FunctionRegistry,
    private readonly waiting: EventWaiting,
  ) {}

  @Get()
  @RequiresScope('functions:read', { keptBy: 'handler' })
  @DocumentedEvents()
  async list(
    @QueryFields(EventsQuery) { function: name, state, limit, cursor }: EventsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = callerOf(request);
    // All functions of a caller without limits are not listed one by one.
    const functions = name !== undefined || caller.reach.isLimited ? this.meant(name, caller) : undefined;
    const page = await this.events.list({
      ...(functions && { functionIds: functions.map(({ id }) => id) }),
      ...(state !== undefined && { states: statesOf(state) }),
      ...(cursor !== undefined && { before: cursor }),
      limit,
    });
    const seen = { output: seesOutput(caller), result: undefined };
    const shown = page.events.map((event) => new EventResponse(event, seen));
    sendJson(response, new EventList(shown, cursorOf(page.next)));
  }

  @Get(':id')
  @RequiresScope('functions:read', { keptBy: 'handler' })
  @DocumentedEvent()
  async get(
    @Param('id') id: string,
    @QueryFields(EventQuery) { wait }: EventQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = callerOf(request);
    const find = () => this.find(id, caller);
    const event = wait === 0 ? await find() : await this.waiting.untilEnded(find, response, caller, wait);
    sendJson(response, await this.shown(event, caller));
  }

  @Post('retry')
  @HttpCode(200)
  @RequiresScope('functions:invoke', { keptBy: 'handler' })
  @DocumentedRetries()
  @Audited('event.retry')
  async retryAll(
    @QueryFields(RetryQuery) { function: name, state }: RetryQuery,
    @Req() request: Request,
  ): Promise<RetriedEvents> {
    if (name !== undefined) setAuditedSubject(request, () => ({ target: name, sha256: undefined }));
    const functions = this.meant(name, callerOf(request));
    const { count, more } = await this.events.retryAll(functions, statesOf(state));
    return new RetriedEvents(count, more);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @RequiresScope('functions:invoke', { keptBy: 'handler' })
  @DocumentedRetry()
  @Audited('event.retry')
  async retry(@Param('id') id: string, @Req() request: Request): Promise<EventResponse> {
    const caller = callerOf(request);
    await this.events.retry(await this.find(id, caller));
    return this.shown(await this.find(id, caller), caller);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('functions:invoke', { keptBy: 'handler' })
  @DocumentedDeletion()
  @Audited('event.delete')
  async delete(@Param('id') id: string, @Req() request: Request): Promise<void> {
    await this.events.delete(await this.find(id, callerOf(request)));
  }

  @Delete()
  @RequiresScope('functions:invoke', { keptBy: 'handler' })
  @DocumentedPurge()
  @Audited('event.purge')
  async purge(
    @QueryFields(PurgeQuery) { function: name, state }: PurgeQuery,
    @Req() request: Request,
  ): Promise<DeletedEvents> {
    setAuditedSubject(request, () => ({ target: name, sha256: undefined }));
    requireWithinReach(callerOf(request), name);
    const { count, more } = await this.events.purge(this.functions.get(name), statesOf(state));
    return new DeletedEvents(count, more);
  }

  private find(id: string, { reach }: Caller): Promise<EventRecord> {
    return this.events.find(id.toLowerCase(), (name) => reach.includes(name));
  }

  private async shown(event: EventRecord, caller: Caller): Promise<EventResponse> {
    const output = seesOutput(caller);
    const seesResult = output || grants(caller.scopes, 'functions:invoke');
    return new EventResponse(event, {
      output,
      result: seesResult ? await this.events.resultOf(event) : undefined,
    });
  }

  /** The one function that was named, or all within the caller's reach. */
  private meant(name: FunctionName | undefined, caller: Caller): readonly DeployedFunction[] {
    if (name === undefined) return this.functions.list().filter((each) => caller.reach.includes(each.name));
    requireWithinReach(caller, name);
    return [this.functions.get(name)];
  }
}
