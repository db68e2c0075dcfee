function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
import { ApiPropertyOptional } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { IsInt, Max, Min, ValidateIf, validateSync } from 'class-validator';
import { DomainError } from '../../common/errors/domain-error.js';
/** The JSON of `POST /rollback/:name`; also without a body. */ export class RollbackBody {
    version;
}
_ts_decorate([
    ApiPropertyOptional({
        type: 'integer',
        minimum: 1,
        description: 'The version to go back to; without it, the newest before the current one.',
        example: 1
    }),
    ValidateIf((_, value)=>value !== undefined),
    IsInt(),
    Min(1),
    Max(Number.MAX_SAFE_INTEGER),
    _ts_metadata("design:type", Number)
], RollbackBody.prototype, "version", void 0);
/** Throws `INVALID_CONFIG`, which names field and rule. */ export function parseRollback(body) {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        throw invalid('version', 'the body must be one JSON object');
    }
    const unknown = Object.keys(body).find((name)=>name !== 'version')?.slice(0, 64);
    if (unknown !== undefined) throw invalid(unknown, `there is no field "${unknown}", only "version"`);
    const rollback = plainToInstance(RollbackBody, body);
    const [problem] = validateSync(rollback, {
        stopAtFirstError: true
    });
    if (problem) throw invalid('version', 'version must be an integer from 1');
    return rollback;
}
function invalid(field, rule) {
    return new DomainError('INVALID_CONFIG', `The rollback was refused: ${rule}.`, {
        field,
        reason: rule
    });
}

//# sourceMappingURL=rollback-body.js.map