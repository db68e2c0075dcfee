import { ApiParam } from '../common/openapi/documentation.js';
import { functionNameRule } from './function-name.js';

/** The path parameter `name`, for the OpenAPI document. */
export const DocumentedName = () =>
  ApiParam({ name: 'name', description: `The function's name: ${functionNameRule}.`, example: 'myfunc' });
