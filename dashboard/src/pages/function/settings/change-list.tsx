import { ForeignText } from '../../../parts/foreign-text.js';
import { type SettingChange, shownValue } from './setting-changes.js';

/** Settings that differ: from what, to what. Nothing where none does. */
export function ChangeList({
  caption,
  changes,
}: {
  readonly caption: string;
  readonly changes: readonly SettingChange[];
}) {
  if (changes.length === 0) return null;
  return (
    <ul class="changes" aria-label={caption}>
      {changes.map(({ field, from, to }) => (
        <li key={field}>
          <code>
            <ForeignText text={field} limit={200} />
          </code>{' '}
          <del>
            <ForeignText text={shownValue(from)} limit={300} />
          </del>{' '}
          <span aria-hidden="true">→</span>{' '}
          <ins>
            <ForeignText text={shownValue(to)} limit={300} />
          </ins>
        </li>
      ))}
    </ul>
  );
}
