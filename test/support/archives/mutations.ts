/** The next number from 0 up to, not including, `limit`. */
export type Random = (limit: number) => number;

/** Numbers that a seed alone determines (mulberry32), so that a failure can be repeated. */
export function randomBytes(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const signatures = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08'];

/** One of the originals with one to four kinds of damage, more often in its headers than in its data. */
export function mutationsOf(originals: readonly Buffer[], random: Random): Buffer {
  let archive = Buffer.from(originals[random(originals.length)] ?? Buffer.alloc(0));
  for (let changes = 1 + random(4); changes > 0 && archive.length > 0; changes--)
    archive = mutate(archive, originals, random);
  return archive;
}

function mutate(archive: Buffer, originals: readonly Buffer[], random: Random): Buffer<ArrayBuffer> {
  const copy = Buffer.from(archive);
  const position = headerPosition(copy, random);
  switch (random(8)) {
    case 0:
      copy[position] = (copy[position] ?? 0) ^ (1 << random(8));
      return copy;
    case 1:
      copy[position] = random(256);
      return copy;
    case 2:
      return copy.fill([0, 0xff][random(2)] ?? 0, position, Math.min(position + 1 + random(8), copy.length));
    case 3:
      return copy.subarray(0, random(copy.length));
    case 4:
      return Buffer.concat([copy.subarray(0, position), copy.subarray(position + 1 + random(20))]);
    case 5:
      return Buffer.concat([
        copy.subarray(0, position),
        copy.subarray(position, position + 1 + random(60)),
        copy.subarray(position),
      ]);
    case 6: {
      const other = originals[random(originals.length)] ?? copy;
      return Buffer.concat([copy.subarray(0, position), other.subarray(random(other.length))]);
    }
    default:
      copy.write(signatures[random(signatures.length)] ?? '', position, 'latin1');
      return copy;
  }
}

function headerPosition(archive: Buffer, random: Random): number {
  const signature = signatures[random(signatures.length)] ?? '';
  const header = archive.indexOf(signature, random(archive.length), 'latin1');
  return header < 0 ? random(archive.length) : Math.min(header + random(50), archive.length - 1);
}

/** How often a property is tried: `quick` in every run, `full` when the environment has `FULL_HOSTILE=1`. */
export function iterations(quick: number, full: number): number {
  return process.env['FULL_HOSTILE'] === '1' ? full : quick;
}
