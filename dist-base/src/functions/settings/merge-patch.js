/**
 * RFC 7396: what the patch names takes its value, `null` takes a member away, objects are merged member by member.
 * Members are compared and made as entries, so that none of them is ever the prototype.
 */ export function mergePatch(target, patch) {
    const merged = new Map(isObject(target) ? Object.entries(target) : []);
    for (const [name, value] of Object.entries(patch)){
        if (value === null) merged.delete(name);
        else merged.set(name, isObject(value) ? mergePatch(merged.get(name), value) : value);
    }
    return Object.fromEntries(merged);
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

//# sourceMappingURL=merge-patch.js.map