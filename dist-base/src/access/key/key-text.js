import { hash, randomBytes } from 'node:crypto';
/** A key as its owner has it: `glb_<id>_<secret>`. The lengths are fixed, because a secret may hold `_` itself. */ const keyPattern = /^Bearer +glb_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/i;
const idBytes = 6;
const secretBytes = 32;
export function mintKey() {
    const id = randomBytes(idBytes).toString('hex');
    const secret = randomBytes(secretBytes).toString('base64url');
    return {
        id,
        text: `glb_${id}_${secret}`,
        secretHash: hashOf(secret)
    };
}
/** What an `Authorization` header shows; undefined when it is not one of our keys. */ export function shownKey(authorization) {
    const [, id, secret] = keyPattern.exec(authorization ?? '') ?? [];
    if (id === undefined || secret === undefined) return undefined;
    return {
        id: id.toLowerCase(),
        secretHash: hashOf(secret)
    };
}
function hashOf(secret) {
    return hash('sha256', secret, 'buffer');
}

//# sourceMappingURL=key-text.js.map