import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';
import type { FunctionSettings, Isolation } from '../function.js';

export const isolations: readonly Isolation[] = ['fresh', 'warm'];

export const defaultFunctionSettings: FunctionSettings = {
  isolation: 'fresh',
  minContainers: 0,
  maxContainers: 4,
  idleTimeoutSeconds: 300,
};

export const maxReadyContainers = 64;
export const maxIdleTimeoutSeconds = 86_400;

/** A field may be left out; `null` is a value like any other and breaks the rule (`@IsOptional` would let it pass). */
const Omittable = () => ValidateIf((_, value) => value !== undefined);

/** The JSON of the field `settings`. What is left out takes its default. */
export class FunctionSettingsDto implements Partial<FunctionSettings> {
  @ApiPropertyOptional({
    enum: isolations,
    default: defaultFunctionSettings.isolation,
    description:
      '`fresh`: every call has a container that has served no call before. `warm`: a container may serve several ' +
      'calls of this function, one after the other, and what one leaves behind the next may see.',
  })
  @Omittable()
  @IsIn(isolations)
  readonly isolation?: Isolation;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: maxReadyContainers,
    default: defaultFunctionSettings.minContainers,
    description: 'Containers kept ready even when nobody calls.',
  })
  @Omittable()
  @IsInt()
  @Min(0)
  @Max(maxReadyContainers)
  readonly minContainers?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: maxReadyContainers,
    default: defaultFunctionSettings.maxContainers,
    description: 'Most containers kept ready (`fresh`) or running (`warm`); not less than `minContainers`.',
  })
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(maxReadyContainers)
  readonly maxContainers?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: maxIdleTimeoutSeconds,
    default: defaultFunctionSettings.idleTimeoutSeconds,
    description: 'After this long without a call, nothing above `minContainers` is kept; in seconds.',
  })
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(maxIdleTimeoutSeconds)
  readonly idleTimeoutSeconds?: number;
}
