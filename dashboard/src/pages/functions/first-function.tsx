import { strToU8 } from 'fflate';
import { FileButtons } from '../../deploy/drop-zone.js';
import type { Chosen } from '../../deploy/code-files.js';
import { Button } from '../../parts/button.js';
import { Icon } from '../../parts/icon.js';

const sample = `exports.handler = async (req) => {
  const name = req.queryStringParameters?.name ?? 'world';
  console.log('greeting', name);
  return { body: { message: \`Hello, \${name}!\` } };
};
`;

export interface FirstFunctionProps {
  readonly onChosen: (chosen: Chosen) => void;
}

/** What somebody sees who has no function yet: how to get one, without reading anything else. */
export function FirstFunction({ onChosen }: FirstFunctionProps) {
  return (
    <section class="card first" aria-label="Your first function">
      <Icon name="upload" />
      <h2>Drop a folder with index.js</h2>
      <p class="muted">
        If it has a <code>package.json</code>, the server installs what it names. You call the function right
        here.
      </p>
      <FileButtons onChosen={onChosen} />
      <div class="sample">
        <p class="muted">An index.js can be as small as this:</p>
        <pre class="console" tabIndex={0} aria-label="Example of an index.js">
          {sample}
        </pre>
        <Button
          onClick={() => {
            onChosen(sampleCode());
          }}
        >
          Deploy this example
        </Button>
      </div>
    </section>
  );
}

function sampleCode(): Chosen {
  const content = strToU8(sample);
  const files = [{ path: 'index.js', size: content.length, read: () => Promise.resolve(content) }];
  return { kind: 'files', name: 'hello', files };
}
