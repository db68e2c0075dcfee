import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { announceFailure } from '../parts/toast.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { dropped, selected } from './chosen-files.js';
import type { Chosen } from './code-files.js';

export interface DropZoneProps {
  readonly onChosen: (chosen: Chosen) => void;
  readonly children: ComponentChildren;
}

/** Where code can be dropped; files may be dropped anywhere inside. */
export function DropZone({ onChosen, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  const take = async (transfer: DataTransfer) => {
    const chosen = await dropped(transfer);
    if (chosen) onChosen(chosen);
  };
  return (
    <div
      class={`drop-zone ${isOver ? 'drop-zone-over' : ''}`}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        take(event.dataTransfer).catch(announceFailure);
      }}
    >
      {children}
      {isOver && (
        <p class="drop-hint" aria-hidden="true">
          <Icon name="upload" /> Drop it to deploy
        </p>
      )}
    </div>
  );
}

/** The same with the keyboard: a folder, or an archive or file. */
export function FileButtons({ onChosen }: Pick<DropZoneProps, 'onChosen'>) {
  const folder = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const choose = async (input: HTMLInputElement) => {
    const chosen = await selected(input.files);
    // The same folder can be chosen again after a change.
    input.value = '';
    if (chosen) onChosen(chosen);
  };
  const hidden = { type: 'file', class: 'unseen', tabIndex: -1, 'aria-hidden': true } as const;
  return (
    <div class="row file-buttons">
      <Button
        look="primary"
        onClick={() => {
          if (!folder.current) return;
          folder.current.webkitdirectory = true;
          folder.current.click();
        }}
      >
        Choose a folder
      </Button>
      <Button onClick={() => file.current?.click()}>Choose a zip or file</Button>
      <input
        {...hidden}
        ref={folder}
        data-choose="folder"
        onChange={(event) => {
          choose(event.currentTarget).catch(announceFailure);
        }}
      />
      <input
        {...hidden}
        ref={file}
        accept=".zip,.js,.mjs,.cjs,.ts,.mts,.cts"
        data-choose="file"
        onChange={(event) => {
          choose(event.currentTarget).catch(announceFailure);
        }}
      />
    </div>
  );
}
