import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { refusedField } from '../common/input/read-fields.js';
import { ApiParam } from '../common/openapi/documentation.js';

/** A schedule's name that has passed the allow-list. */
export type ScheduleName = string & { readonly brand: 'ScheduleName' };

export const scheduleNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const scheduleNameRule = '1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit';

/** A path's `:schedule` becomes a `ScheduleName`, or the request fails with `INVALID_SETTINGS`. */
@Injectable()
export class ScheduleNamePipe implements PipeTransform<string, ScheduleName> {
  transform(text: string): ScheduleName {
    if (scheduleNamePattern.test(text)) return text as ScheduleName;
    throw refusedField('schedule', `The name of a schedule must be ${scheduleNameRule}`);
  }
}

/** The path parameter `schedule`, for the OpenAPI document. */
export const DocumentedSchedule = () =>
  ApiParam({
    name: 'schedule',
    description: `The schedule's name: ${scheduleNameRule}.`,
    example: 'nightly',
  });

export function scheduleNotFound(schedule: string): DomainError {
  return new DomainError('SCHEDULE_NOT_FOUND', `The function has no schedule named "${schedule}".`, {
    field: 'schedule',
  });
}
