import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '../common/openapi/documentation.js';
import { functionNameRule, parseFunctionName, type FunctionName } from './function-name.js';

/** A path's `:name` becomes a `FunctionName`, or the request fails with `INVALID_NAME`. */
@Injectable()
export class FunctionNamePipe implements PipeTransform<string, FunctionName> {
  transform(text: string): FunctionName {
    return parseFunctionName(text);
  }
}

/** The path parameter `name`, for the OpenAPI document. */
export const DocumentedName = () =>
  ApiParam({ name: 'name', description: `The function's name: ${functionNameRule}.`, example: 'myfunc' });
