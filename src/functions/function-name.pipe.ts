import { Injectable, type PipeTransform } from '@nestjs/common';
import { parseFunctionName, type FunctionName } from './function-name.js';

/** A path's `:name` becomes a `FunctionName`, or the request fails with `INVALID_NAME`. */
@Injectable()
export class FunctionNamePipe implements PipeTransform<string, FunctionName> {
  transform(text: string): FunctionName {
    return parseFunctionName(text);
  }
}
