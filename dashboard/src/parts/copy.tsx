import { useRef } from 'preact/hooks';
import { Button } from './button.js';
import { announce } from './toast.js';

/** A text to take along. Where the browser gives no access to the clipboard, the text is selected for the keyboard. */
export function CopyText({ text, label }: { readonly text: string; readonly label: string }) {
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      announce('Copied.');
    } catch {
      announce('Selected: copy it with your keyboard.');
    }
  };
  return (
    <div class="copy">
      <input ref={field} class="input mono" readOnly value={text} aria-label={label} />
      <Button
        onClick={() => {
          void copy();
        }}
      >
        Copy
      </Button>
    </div>
  );
}
