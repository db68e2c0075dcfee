/** What an archive may cost. All numbers come from `archive.settings.ts`. */ /** Small files may compress as well as they like: an empty log or a table of zeros is no attack. */ export const ratioFloorBytes = 1024 * 1024;

//# sourceMappingURL=archive-limits.js.map