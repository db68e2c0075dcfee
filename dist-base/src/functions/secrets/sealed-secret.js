const tagBytes = 16;
/** Bytes of the value inside. */ export function valueBytesOf({ sealed }) {
    return Buffer.byteLength(sealed, 'base64') - tagBytes;
}

//# sourceMappingURL=sealed-secret.js.map