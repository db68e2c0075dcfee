import { honestZips } from '../../../test/support/archives/honest-zips.js';
import { iterations, mutationsOf, randomBytes } from '../../../test/support/archives/mutations.js';
import { UnpackingPlace } from '../../../test/support/archives/unpacking.js';
import { DomainError } from '../../common/errors/domain-error.js';

/** Archives with random damage: an answer of ours for each, never another error, never a file elsewhere. */
describe('unpacking mutated archives', () => {
  const seed = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 2 ** 31);
  const count = iterations(2000, 200_000);
  let place: UnpackingPlace;

  beforeAll(async () => {
    place = await UnpackingPlace.make();
  });

  afterAll(() => place.remove());

  it(
    `refuses or unpacks each of ${count} (HOSTILE_SEED=${seed})`,
    async () => {
      const random = randomBytes(seed);
      const originals = honestZips.map(({ archive }) => archive()).filter(({ length }) => length < 5000);
      for (let round = 0; round < count; round++) {
        const archive = mutationsOf(originals, random);
        const failure: unknown = await place.unpack(archive).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined && !isRefusal(failure)) {
          throw new Error(`Round ${round} of seed ${seed}: ${archive.toString('base64')}`, {
            cause: failure,
          });
        }
        if (round % 100 === 0) expect(await place.strayFiles()).toEqual([]);
      }
      expect(await place.strayFiles()).toEqual([]);
    },
    iterations(60_000, 3_600_000),
  );
});

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && ['INVALID_ARCHIVE', 'ARCHIVE_TOO_LARGE'].includes(error.code);
}
