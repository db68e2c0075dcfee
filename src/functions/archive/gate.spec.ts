import { DomainError } from '../../common/errors/domain-error.js';
import { craftZip, zipOf } from '../../../test/support/archives/crafted-zip.js';
import { defaultLimits } from '../../../test/support/archives/default-limits.js';
import { hostileZips } from '../../../test/support/archives/hostile-zips.js';
import { approve } from './gate.js';

function refusalOf(action: () => unknown): DomainError {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('the gate', () => {
  it('plans what unpacking may do', () => {
    const archive = craftZip([
      { name: './lib\\run.sh', content: '#!/bin/sh\n', method: 'stored', mode: 0o104755 },
      { name: 'empty/' },
    ]);

    const { entries, tree, unpackedBytes } = approve(archive, defaultLimits);

    expect(entries).toMatchObject([
      {
        segments: ['lib', 'run.sh'],
        kind: 'file',
        executable: true,
        method: 'stored',
        unpackedBytes: 10,
        headerOffset: 0,
      },
      { segments: ['empty'], kind: 'directory', method: 'deflated', unpackedBytes: 0 },
    ]);
    expect(entries[0]?.compressed).toEqual({ start: 42, end: 52 });
    expect(tree.directories()).toEqual(['lib', 'empty']);
    expect(unpackedBytes).toBe(10);
  });

  it('refuses an archive that is itself too large', () => {
    const refusal = refusalOf(() =>
      approve(zipOf({ 'index.js': 'x' }), { ...defaultLimits, maxArchiveBytes: 10 }),
    );
    expect(refusal).toMatchObject({ code: 'ARCHIVE_TOO_LARGE', details: { reason: 'archive_too_large' } });
  });

  it('quotes a name so that no terminal obeys it and no reader is misled', () => {
    const refusal = refusalOf(() =>
      approve(zipOf({ [`\u001b[2J\u202e${'x'.repeat(500)}`]: '' }), defaultLimits),
    );
    expect(refusal.message).toContain('"\\u001b[2J\\u{202e}xxx');
    expect(refusal.message).toMatch(/^[\x20-\x7e…]*$/);
    expect(refusal.message.length).toBeLessThan(350);
  });

  it('reads every header before it inflates: its time does not grow with what an archive unpacks to', () => {
    const bomb = hostileZips.find(({ reason }) => reason === 'ratio_too_high');
    const archive = bomb?.archive() ?? Buffer.alloc(0);
    expect(refusalOf(() => approve(archive, { ...defaultLimits, maxEntries: 1 })).details.reason).toBe(
      'too_many_entries',
    );
  });
});
