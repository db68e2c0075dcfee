import { errorCodes, faultOf } from '../common/errors/error-codes.js';
import { problemCatalogue } from './problem-catalogue.js';
/** Everything there is to say about each error code, for `docs/errors.md`. */ export function documentedErrors() {
    return errorCodes.map((code)=>({
            code,
            fault: faultOf(code),
            ...problemCatalogue[code]
        }));
}

//# sourceMappingURL=documented-errors.js.map