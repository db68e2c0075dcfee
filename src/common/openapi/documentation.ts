import type * as swagger from '@nestjs/swagger';

type Generator = typeof swagger;

/** What documents, by the name that the generator has for it. */
type Documenting = keyof Generator & `Api${string}`;

/** A decorator on whatever it stands on. */
type Applied = (...target: unknown[]) => void;

const noted: ((generator: Generator) => void)[] = [];

/**
 * The generator's decorators, without the generator: each only takes a note of what it was given and where it stands. A
 * server never documents itself, and its memory has better uses than `@nestjs/swagger`; the build does, with
 * `documentWith`.
 */
function later<Name extends Documenting>(name: Name): Generator[Name] {
  const decorator =
    (...options: unknown[]): Applied =>
    (...target) => {
      noted.push((generator) => {
        const apply = generator[name] as unknown as (...options: unknown[]) => Applied;
        apply(...options)(...target);
      });
    };
  return decorator;
}

export const ApiAcceptedResponse = later('ApiAcceptedResponse');
export const ApiBody = later('ApiBody');
export const ApiConsumes = later('ApiConsumes');
export const ApiCreatedResponse = later('ApiCreatedResponse');
export const ApiExcludeEndpoint = later('ApiExcludeEndpoint');
export const ApiExtraModels = later('ApiExtraModels');
export const ApiHeader = later('ApiHeader');
export const ApiNoContentResponse = later('ApiNoContentResponse');
export const ApiOkResponse = later('ApiOkResponse');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiProperty = later('ApiProperty');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiQuery = later('ApiQuery');
export const ApiResponse = later('ApiResponse');
export const ApiSecurity = later('ApiSecurity');
export const ApiServiceUnavailableResponse = later('ApiServiceUnavailableResponse');
export const ApiTags = later('ApiTags');

/** Gives the generator what was noted since the last time, in the order in which it was written. */
export function documentWith(generator: Generator): void {
  for (const give of noted.splice(0)) give(generator);
}

/** Where the document has the schema of a class. */
export function schemaPath(model: { readonly name: string }): string {
  return `#/components/schemas/${model.name}`;
}
