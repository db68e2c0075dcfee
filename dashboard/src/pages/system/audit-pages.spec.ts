import type { AuditEntryResponse } from '@glambdar/client';
import { joined, type Pages } from './audit-pages.js';

const entry = (sequence: number): AuditEntryResponse => ({
  sequence,
  at: '2026-05-01T12:00:00Z',
  actor: 'local',
  action: 'key.create',
  target: null,
  sha256: null,
  outcome: 'done',
  requestId: null,
  address: null,
});
const page = (...sequences: number[]) => sequences.map(entry);
const sequencesOf = ({ entries }: Pages) => entries.map(({ sequence }) => sequence);
const nothing: Pages = { entries: [], isComplete: false };

describe('the audit log in pages', () => {
  it('takes older pages at its end until there are no more', () => {
    const first = joined(nothing, page(9, 8), 2);
    expect([sequencesOf(first), first.isComplete]).toEqual([[9, 8], false]);
    const second = joined(first, page(7), 2);
    expect([sequencesOf(second), second.isComplete]).toEqual([[9, 8, 7], true]);
  });

  it('takes new entries at its top, each once, and stays complete', () => {
    const all = joined(nothing, page(3, 2, 1), 5);
    const more = joined(all, page(5, 4, 3, 2, 1), 5);
    expect([sequencesOf(more), more.isComplete]).toEqual([[5, 4, 3, 2, 1], true]);
  });

  it('begins anew where entries in between are missing', () => {
    const old = joined(nothing, page(3, 2), 2);
    expect(sequencesOf(joined(old, page(9, 8), 2))).toEqual([9, 8]);
    expect(sequencesOf(joined(old, page(5, 4), 2))).toEqual([5, 4, 3, 2]);
  });
});
