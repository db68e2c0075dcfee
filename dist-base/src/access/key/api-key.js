/** Whether the key opens anything at this moment. */ export function isValid({ revokedAt, expiresAt }, now) {
    return revokedAt === null && (expiresAt === null || now < expiresAt);
}

//# sourceMappingURL=api-key.js.map