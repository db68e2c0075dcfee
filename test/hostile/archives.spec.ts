import { existsSync } from 'node:fs';
import { DomainError } from '../../src/common/errors/domain-error.js';
import { zipOf } from '../support/zip.js';
import { honestZips } from '../support/archives/honest-zips.js';
import { hostileZips } from '../support/archives/hostile-zips.js';
import { mutationsOf } from '../support/archives/mutations.js';
import { filesBelow, filesByYauzl, UnpackingPlace } from '../support/archives/unpacking.js';
import { leftHere, ownHoldings } from './holdings.js';
import { withServer } from './with-server.js';
import { attack, type Trial } from './trial.js';

const largestOriginalBytes = 5000;

/** Archives made to harm go to the real route; honest and damaged ones to the unpacker, byte for byte. */
attack({
  name: 'archives',
  quick: 1000,
  full: 50_000,
  async run(trial) {
    await deployHostile(trial);
    const place = await UnpackingPlace.make();
    try {
      await unpackHonest(trial, place);
      // The honest ones have warmed the paths.
      const before = await ownHoldings();
      await unpackMutated(trial, place);
      trial.measured(await leftHere(before));
    } finally {
      await place.remove();
    }
  },
});

async function deployHostile(trial: Trial): Promise<void> {
  await withServer(trial, {}, async ({ client, directory }) => {
    for (const { title, reason, archive } of hostileZips) {
      await trial.case(title, async () => {
        const { status, text } = await client.upload('hostile.zip', archive());
        const isRefused = [400, 413].includes(status) && text.includes(`"${reason}"`);
        if (!isRefused || text.includes(directory)) throw new Error(`${status} ${text}`);
        if ((await client.get('/info/hostile')).status !== 404) throw new Error('It is visible.');
        if (existsSync(`${directory}/functions/hostile`)) throw new Error('It left code.');
      });
    }
    await trial.case('the name of all of them is still free', () =>
      client.deploy('hostile', zipOf({ 'index.js': 'exports.handler = () => 1;' })),
    );
  });
}

async function unpackHonest(trial: Trial, place: UnpackingPlace): Promise<void> {
  for (const { title, archive } of honestZips) {
    await trial.case(title, async () => {
      const bytes = archive();
      await place.unpack(bytes);
      const files = await filesBelow(place.codePath);
      for (const [path, content] of await filesByYauzl(bytes)) {
        const unpacked = files.get(path);
        const isSame = unpacked?.equals(content) ?? false;
        if (!isSame && unpacked?.toString() !== `-> ${content.toString()}`)
          throw new Error(`${path} differs.`);
      }
    });
  }
}

async function unpackMutated(trial: Trial, place: UnpackingPlace): Promise<void> {
  const originals = honestZips
    .map(({ archive }) => archive())
    .filter(({ length }) => length < largestOriginalBytes);
  for (let round = 0; round < trial.count; round += 1) {
    const archive = mutationsOf(originals, trial.random);
    await trial.case(`mutated ${round}`, async () => {
      await place.unpack(archive).catch((error: unknown) => {
        const isOurs =
          error instanceof DomainError && ['INVALID_ARCHIVE', 'ARCHIVE_TOO_LARGE'].includes(error.code);
        if (!isOurs) throw new Error(archive.toString('base64'), { cause: error });
      });
      if (round % 50 === 0 && (await place.strayFiles()).length > 0) throw new Error('It left files.');
    });
  }
}
