import { Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Audited } from '../../common/audit/audited.js';
import { type Caller, callerOf, requireWithinReach } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { JsonBody } from '../../common/input/json-body.js';
import { QueryFields } from '../../common/input/query-fields.js';
import { refusedField } from '../../common/input/read-fields.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { changerOf } from '../../deployment/changer.js';
import { SettingsService } from '../../deployment/settings.service.js';
import { type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { DeployedFunction, Schedule } from '../../functions/function.js';
import { type ScheduleName, ScheduleNamePipe } from '../../functions/schedule-name.js';
import { brokenRule, maxSchedulePayloadBytes, ScheduleDto } from '../../functions/settings/schedule-rules.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { conditionOf, entityTagOf } from '../settings/entity-tag.js';
import { RunSchedule, ScheduleList, ScheduleResponse } from './schedule-response.js';
import { cursorOf, type SchedulePlace, SchedulesQuery } from './schedules-query.js';
import {
  DocumentedDelete,
  DocumentedRun,
  DocumentedSchedules,
  DocumentedSet,
  DocumentedShow,
} from './schedules.openapi.js';

/** JSON may write any byte of the payload as `\u0000`. */
const scheduleBody = {
  limitBytes: maxSchedulePayloadBytes * 6 + 4096,
  example: { cron: '*/5 * * * *', timeZone: 'Europe/Berlin', payload: { report: 'sales' } },
};

@ApiTags('schedules')
@Controller('schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly settings: SettingsService,
    private readonly functions: FunctionRegistry,
  ) {}

  @Get()
  @RequiresScope('functions:read', { keptBy: 'handler' })
  @DocumentedSchedules()
  list(
    @QueryFields(SchedulesQuery) { function: name, limit, cursor }: SchedulesQuery,
    @Req() request: Request,
  ): ScheduleList {
    const places = this.meant(name, callerOf(request)).flatMap(placesIn).sort(inOrder);
    const rest = cursor ? places.filter((place) => inOrder(cursor, place) < 0) : places;
    const page = rest.slice(0, limit);
    const last = rest.length > limit ? page.at(-1) : undefined;
    return new ScheduleList(
      page.map(({ deployed, schedule }) => new ScheduleResponse(this.schedules.find(deployed, schedule))),
      last ? cursorOf(last) : null,
    );
  }

  @Get(':name/:schedule')
  @RequiresScope('functions:read')
  @DocumentedShow()
  show(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('schedule', ScheduleNamePipe) schedule: ScheduleName,
    @Res({ passthrough: true }) response: Response,
  ): ScheduleResponse {
    return this.shown(name, schedule, response);
  }

  @Put(':name/:schedule')
  @RequiresScope('functions:deploy')
  @DocumentedSet()
  @Audited('schedule.set')
  async set(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('schedule', ScheduleNamePipe) schedule: ScheduleName,
    @JsonBody(ScheduleDto, scheduleBody) body: ScheduleDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ScheduleResponse> {
    const { before } = await this.settings.setSchedule(name, schedule, definitionOf(body), {
      by: changerOf(callerOf(request)),
      condition: conditionOf(ifMatch),
    });
    response.status(Object.hasOwn(before.schedules, schedule) ? 200 : 201);
    return this.shown(name, schedule, response);
  }

  @Delete(':name/:schedule')
  @HttpCode(204)
  @RequiresScope('functions:deploy')
  @DocumentedDelete()
  @Audited('schedule.delete')
  async delete(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('schedule', ScheduleNamePipe) schedule: ScheduleName,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: Request,
  ): Promise<void> {
    await this.settings.setSchedule(name, schedule, undefined, {
      by: changerOf(callerOf(request)),
      condition: conditionOf(ifMatch),
    });
  }

  @Post(':name/:schedule/run')
  @HttpCode(202)
  @RequiresScope('functions:invoke')
  @DocumentedRun()
  @Audited('schedule.run')
  async run(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('schedule', ScheduleNamePipe) schedule: ScheduleName,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RunSchedule> {
    const { keyId } = callerOf(request);
    const id = await this.schedules.run(this.functions.get(name), schedule, keyId);
    response.setHeader('Location', `/events/${id}`);
    return new RunSchedule(id);
  }

  private shown(name: FunctionName, schedule: ScheduleName, response: Response): ScheduleResponse {
    const deployed = this.functions.get(name);
    response.setHeader('ETag', entityTagOf(deployed.revision));
    return new ScheduleResponse(this.schedules.find(deployed, schedule));
  }

  /** The one function that was named, or all within the caller's reach. */
  private meant(name: FunctionName | undefined, caller: Caller): readonly DeployedFunction[] {
    if (name === undefined) return this.functions.list().filter((each) => caller.reach.includes(each.name));
    requireWithinReach(caller, name);
    return [this.functions.get(name)];
  }
}

/** Throws `INVALID_SETTINGS` that names the field whose rule is broken. */
function definitionOf(body: ScheduleDto): Schedule {
  const definition: Schedule = Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined),
  );
  const broken = brokenRule(definition, (field) => field ?? 'A schedule');
  if (broken) throw refusedField(broken.field, broken.problem);
  return definition;
}

function placesIn(deployed: DeployedFunction) {
  return Object.keys(deployed.settings.schedules).map((schedule) => ({
    deployed,
    functionName: deployed.name,
    schedule,
  }));
}

function inOrder(one: SchedulePlace, other: SchedulePlace): number {
  return compare(one.functionName, other.functionName) || compare(one.schedule, other.schedule);
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
