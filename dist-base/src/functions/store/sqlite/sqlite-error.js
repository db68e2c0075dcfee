import { isDuplicate, storageErrorOf } from '../../../common/database/sqlite-error.js';
import { DomainError } from '../../../common/errors/domain-error.js';
/** What a failure of SQLite means to the caller; what is none of these is our own bug and passes unchanged. */ export function domainErrorOf(error) {
    if (!isDuplicate(error, 'functions.name')) return storageErrorOf(error);
    return new DomainError('FUNCTION_EXISTS', 'A function with this name exists already; delete it first or choose another name.', {
        field: 'name'
    }, {
        cause: error
    });
}

//# sourceMappingURL=sqlite-error.js.map