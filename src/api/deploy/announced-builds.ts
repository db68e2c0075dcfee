import type { Request } from 'express';
import type { BuildService } from '../../builds/build.service.js';
import type { FunctionName } from '../../functions/function-name.js';

/** Builds with an id of the client's choice, which can be followed while the upload of their code still arrives. */
export class AnnouncedBuilds {
  private readonly wanted = new WeakMap<Request, string>();
  private readonly announced = new WeakMap<Request, string>();

  constructor(private readonly builds: Pick<BuildService, 'announce' | 'discard'>) {}

  want(request: Request, id: string): void {
    this.wanted.set(request, id);
  }

  /** Now it is known whose code it is. Throws `BUILD_EXISTS` if the id is another build's. */
  announce(request: Request, functionName: FunctionName): void {
    const id = this.wanted.get(request);
    if (id === undefined || this.announced.has(request)) return;
    this.builds.announce(id, functionName);
    this.announced.set(request, id);
  }

  /** The request has been answered: what has not been built by now never will be. */
  end(request: Request): void {
    const id = this.announced.get(request);
    if (id !== undefined) this.builds.discard(id);
  }
}
