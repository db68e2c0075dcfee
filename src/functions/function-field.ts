import { Ruled } from '../common/input/field-rules.js';
import { functionNamePattern, parseFunctionName } from './function-name.js';

/** The field `function` of a query. A name that is none has an error of its own. */
export function FunctionField(description: string, required = false): PropertyDecorator {
  return Ruled(
    (value, name) => {
      if (typeof value !== 'string') return `${name} must be the name of a function`;
      parseFunctionName(value, 'in the query field function');
      return undefined;
    },
    { type: 'string', pattern: functionNamePattern.source, required, description },
  );
}
