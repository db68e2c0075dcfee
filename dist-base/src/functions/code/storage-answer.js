import { storageFailure } from '../archive/storage-failure.js';
/** Runs file operations; their errors become what a caller may know. */ export async function answeringForStorage(operations) {
    try {
        return await operations();
    } catch (error) {
        throw storageFailure(error);
    }
}

//# sourceMappingURL=storage-answer.js.map