/** What keys are called, for answers to those who may see keys. */
export abstract class KeyNames {
  /** Undefined of a key that is unknown. */
  abstract nameOf(keyId: string): string | undefined;
}
