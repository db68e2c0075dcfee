import { MulterError } from 'multer';
import { DomainError } from '../../common/errors/domain-error.js';
/** What multer and its parser say when the client's body, and not we, is the reason; they give it no code. */ const malformedBody = /^(Multipart: Boundary not found|Malformed |Unexpected end of |Missing Content-Type)/;
const clientLeft = /^Request (aborted|closed|error)$/;
/** A failure of receiving a form, in the domain's words; what is neither multer's nor the parser's passes unchanged. */ export function uploadErrorOf(error) {
    if (error instanceof DomainError) return error;
    if (error instanceof MulterError) return formErrorOf(error);
    const message = messageOf(error);
    if (malformedBody.test(message)) {
        return new DomainError('MALFORMED_REQUEST', 'The body is not a complete multipart form; send it again with a boundary and all its parts.', {}, {
            cause: error
        });
    }
    if (clientLeft.test(message)) {
        return new DomainError('CLIENT_CLOSED', 'The client left before the upload was complete.', {}, {
            cause: error
        });
    }
    return error;
}
export function missingFile(options) {
    return new DomainError('MISSING_FILE', 'Send the zip archive as a file, with its name, in the form field "file".', {
        field: 'file'
    }, options);
}
function formErrorOf(error) {
    const options = {
        cause: error
    };
    switch(error.code){
        case 'LIMIT_FILE_SIZE':
            return new DomainError('ARCHIVE_TOO_LARGE', 'The archive is larger than this server accepts.', {}, options);
        case 'LIMIT_UNEXPECTED_FILE':
            return missingFile(options);
        case 'LIMIT_FILE_COUNT':
            return malformedForm('it has more than one file', options);
        case 'LIMIT_PART_COUNT':
        case 'LIMIT_FIELD_COUNT':
            return malformedForm('it has too many fields', options);
        case 'LIMIT_FIELD_KEY':
            return malformedForm("a field's name is too long", options);
        case 'LIMIT_FIELD_VALUE':
            return malformedForm("a field's value is too long", options);
        case 'MISSING_FIELD_NAME':
        default:
            return malformedForm("a field's name is not valid", options);
    }
}
function malformedForm(why, options) {
    return new DomainError('MALFORMED_REQUEST', `The form was refused: ${why}. It may have one file, "file", and one field, "settings".`, {}, options);
}
function messageOf(error) {
    return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}

//# sourceMappingURL=upload-error.js.map