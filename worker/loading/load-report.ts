/**
 * What the worker says to the author of code that does not load. A program of its own beside the worker's, because every
 * container reads that one at its start and most never need this.
 */
export { contentsOf } from './archive-contents.js';
export { describeLoadFailure } from './describe-load-failure.js';
export { missingExportSentences } from './missing-export.js';
export { missingFileSentences } from './missing-file.js';
