import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { parseFunctionName } from '../function-name.js';
import type { DeployService, ReceivedArchive } from './deploy.service.js';
import { readTextPart } from './text-fields.js';

/** multer's description of a file, with what we made of it: the archive, or a field that came as a file. */
export type ReceivedFile = Partial<Express.Multer.File> &
  ({ readonly archive: ReceivedArchive } | { readonly text: string });

/** Lets multer stream the archive straight into the code store instead of a directory or memory of its own. */
export class ArchiveStorage implements StorageEngine {
  constructor(private readonly deploys: DeployService) {}

  _handleFile(
    request: Request,
    file: Express.Multer.File,
    done: (error?: unknown, file?: ReceivedFile) => void,
  ): void {
    this.receive(request.params['name'], file).then(
      (received) => {
        done(null, received);
      },
      (error: unknown) => {
        done(error);
      },
    );
  }

  private async receive(name: unknown, file: Express.Multer.File): Promise<ReceivedFile> {
    if (file.fieldname !== 'file') return { text: await readTextPart(file.fieldname, file.stream) };
    return { archive: await this.receiveArchive(name, file) };
  }

  /** A name in the path is the function's; otherwise the file's name is. */
  private async receiveArchive(name: unknown, file: Express.Multer.File): Promise<ReceivedArchive> {
    if (typeof name !== 'string') return this.deploys.receive(file.originalname, file.stream);
    return this.deploys.receiveFor(parseFunctionName(name), file.stream);
  }

  /** multer calls it when the rest of the form is refused after the file has arrived. */
  _removeFile(_request: Request, file: Express.Multer.File, done: (error: Error | null) => void): void {
    const { archive } = file as unknown as { readonly archive?: ReceivedArchive };
    void (archive ? this.deploys.discard(archive) : Promise.resolve()).then(() => {
      done(null);
    });
  }
}
