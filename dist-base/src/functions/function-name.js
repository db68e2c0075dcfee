import { DomainError } from '../common/errors/domain-error.js';
import { quoted } from '../common/text/quoted.js';
export const functionNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
export const functionNameRule = '1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit';
/** `origin` tells the caller where the name was read, e.g. `in the path`. */ export function parseFunctionName(text, origin = 'in the path') {
    if (!functionNamePattern.test(text)) throw invalidName(text, origin);
    return text;
}
/** The name of an uploaded `myfunc.zip` is `myfunc`. */ export function functionNameOfUpload(fileName) {
    return parseFunctionName(fileName.replace(/\.zip$/i, ''), `from the upload's file name ${quoted(fileName)}`);
}
function invalidName(text, origin) {
    return new DomainError('INVALID_NAME', `${quoted(text)}, ${origin}, is not a function's name: it must be ${functionNameRule}.`, {
        field: 'name'
    });
}

//# sourceMappingURL=function-name.js.map