import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the page needs of Swagger UI; nothing else of that package is served. */
const ofPage: readonly string[] = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** The files of the documentation, each read when somebody first asks for it, and then kept: all who read share one copy. */
@Injectable()
export class DocumentationFiles {
  /** Where the build has put `openapi.json`. Tests bind another directory: they have no build. */
  readonly built: string = fileURLToPath(new URL('../../../', import.meta.url));
  private readonly contents = new Map<string, Buffer>();

  document(): Promise<Buffer> {
    return this.read(join(this.built, 'openapi.json'));
  }

  /** Undefined for a name that is none of the page's. */
  partOfPage(name: string): Promise<Buffer> | undefined {
    if (!ofPage.includes(name)) return undefined;
    const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    return this.read(join(directory, name));
  }

  private async read(file: string): Promise<Buffer> {
    const content = this.contents.get(file) ?? (await readFile(file));
    this.contents.set(file, content);
    return content;
  }
}
