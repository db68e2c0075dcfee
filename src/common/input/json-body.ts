import {
  applyDecorators,
  createParamDecorator,
  Inject,
  Injectable,
  type ExecutionContext,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { callerOf } from '../auth/caller.js';
import { DomainError } from '../errors/domain-error.js';
import { ApiProblem } from '../openapi/api-problem.js';
import { ApiBody, ApiConsumes } from '../openapi/documentation.js';
import { requireNoContentEncoding } from '../request-body/content-encoding.js';
import { hasBody, readRequestBody } from '../request-body/read-request-body.js';
import { SharedBudget, type BudgetLimits, type Shortage } from '../budgets/shared-budget.js';
import type { Shape } from './field-rules.js';
import { readFields, readJson } from './read-fields.js';

export interface JsonBodyOptions {
  readonly limitBytes: number;
  readonly mediaTypes?: readonly string[];
  /** Whether the request may have no body, which then stands for `{}`. */
  readonly isOptional?: boolean;
  /** For the OpenAPI document, where one made of the fields' own says too little. */
  readonly example?: object;
}

const jsonTypes: readonly string[] = ['application/json'];

/**
 * The body of a request: JSON of this shape, or the request is refused before the route runs. It is the one place that says
 * what the body may be, for the check and for the OpenAPI document alike.
 */
export function JsonBody<T extends object>(shape: Shape<T>, options: JsonBodyOptions): ParameterDecorator {
  const take = createParamDecorator((_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<IncomingMessage>(),
  );
  return (target, key, index) => {
    take(pipeOf(shape, options))(target, key, index);
    documentOn(target, key, documented(shape, options));
  };
}

/** Decorates the method whose parameter is being decorated. */
export function documentOn(
  target: object,
  key: string | symbol | undefined,
  decorator: MethodDecorator,
): void {
  const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  if (key !== undefined && descriptor) decorator(target, key, descriptor);
}

function documented(shape: Shape<object>, options: JsonBodyOptions): MethodDecorator {
  const { mediaTypes = jsonTypes, isOptional = false, example } = options;
  return applyDecorators(
    ApiConsumes(...mediaTypes),
    ApiBody({
      type: shape,
      required: !isOptional,
      ...(example && { examples: { example: { value: example } } }),
    }),
    ApiProblem(400, 'INVALID_SETTINGS'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
    ApiProblem(415, 'UNSUPPORTED_MEDIA_TYPE'),
    ApiProblem(503, 'OVERLOADED'),
  );
}

function pipeOf<T extends object>(shape: Shape<T>, options: JsonBodyOptions): Type<PipeTransform> {
  @Injectable()
  class JsonBodyPipe implements PipeTransform<IncomingMessage, Promise<T>> {
    constructor(@Inject(JsonBodies) private readonly bodies: JsonBodies) {}

    transform(request: IncomingMessage): Promise<T> {
      return this.bodies.read(request, shape, options);
    }
  }
  return JsonBodyPipe;
}

const retryAfterMs = 1000;

/** Reads the JSON of requests, and bounds the memory that what has arrived of it takes: of all, and of each key's. */
export class JsonBodies {
  private readonly budget: SharedBudget;

  constructor(limits: BudgetLimits) {
    this.budget = new SharedBudget(limits);
  }

  /** Bytes of bodies that have not arrived whole. */
  get heldBytes(): number {
    return this.budget.used;
  }

  /**
   * Rejects with `UNSUPPORTED_MEDIA_TYPE`, as `readRequestBody` and `readJson` do, with `OVERLOADED` when as many bytes
   * are held as may be, and with `RATE_LIMITED` when those with this key hold their share.
   */
  async read<T extends object>(
    request: IncomingMessage,
    shape: Shape<T>,
    { limitBytes, mediaTypes = jsonTypes, isOptional = false }: JsonBodyOptions,
  ): Promise<T> {
    if (isOptional && !hasBody(request)) return readFields(shape, {});
    if (!mediaTypes.includes(mediaTypeOf(request))) {
      throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `Send the content type ${mediaTypes.join(' or ')}.`);
    }
    requireNoContentEncoding(request);
    const { keyId } = callerOf(request);
    let heldBytes = 0;
    const onBytes = (bytes: number) => {
      const shortage = this.budget.take(keyId, bytes);
      if (shortage !== undefined) throw refusal(shortage);
      heldBytes += bytes;
    };
    try {
      return readJson(shape, await readRequestBody(request, { limitBytes, onBytes }));
    } finally {
      if (heldBytes > 0) this.budget.giveBack(keyId, heldBytes);
    }
  }
}

function mediaTypeOf({ headers }: IncomingMessage): string {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  return mediaType.trim().toLowerCase();
}

function refusal(shortage: Shortage): DomainError {
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        'Requests with your key already hold as many bytes of bodies as they may; send fewer at a time.',
        { retryAfterMs },
      )
    : new DomainError('OVERLOADED', 'The server holds too many request bodies; try again later.', {
        retryAfterMs,
      });
}
