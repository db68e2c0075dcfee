import { visiblePieces } from '../text/visible.js';
import { counted } from '../format/units.js';

/** Text that somebody else wrote, a function above all: only ever text, what nobody would see in it shown, and no longer than `limit`. */
export function ForeignText({ text, limit = 2000 }: { readonly text: string; readonly limit?: number }) {
  const { pieces, omitted } = visiblePieces(text, limit);
  return (
    <bdi class="foreign">
      {pieces.map(({ text: piece, isEscape }, index) =>
        isEscape ? (
          <span key={index} class="escape">
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
      {omitted > 0 && <span class="omitted"> … {counted(omitted, 'more character')}</span>}
    </bdi>
  );
}
