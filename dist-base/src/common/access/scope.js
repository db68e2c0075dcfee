/** What a key may do. `admin` may do everything, and it alone sees keys and the audit log. */ export const scopes = [
    'functions:read',
    'functions:deploy',
    'functions:invoke',
    'functions:delete',
    'secrets:write',
    'metrics:read',
    'logs:read',
    'admin'
];
export function isScope(text) {
    return scopes.includes(text);
}
/** Whether somebody who was given `held` may do what asks for `needed`. */ export function grants(held, needed) {
    return held.includes(needed) || held.includes('admin');
}

//# sourceMappingURL=scope.js.map