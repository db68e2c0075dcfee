export type Bytes = ArrayBuffer | ArrayBufferView;

export function isBytes(value: object): value is Bytes {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** The same memory, not a copy. */
export function viewOf(bytes: Bytes): Buffer {
  if (bytes instanceof ArrayBuffer) return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
