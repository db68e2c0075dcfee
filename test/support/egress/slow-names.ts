import { FixedNames } from './fixed-names.js';

/** Name servers that say nothing before they are told what. */
export class SlowNames extends FixedNames {
  private readonly answered = Promise.withResolvers<readonly string[]>();

  constructor() {
    super({});
  }

  override resolve(): Promise<readonly string[]> {
    return this.answered.promise;
  }

  answer(addresses: readonly string[]): void {
    this.answered.resolve(addresses);
  }
}
