import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { AuditInterceptor } from './audit.interceptor.js';
import { setAuditedAction } from './audited-action.js';
/**
 * Calls of the route are recorded in the audit trail. Write it next to the method, below other interceptors:
 * decorators take effect from the method upwards, and what the others refuse is to be recorded too.
 */ export function Audited(action) {
    const mark = (_target, _key, descriptor)=>{
        setAuditedAction(descriptor.value, action);
    };
    return applyDecorators(mark, UseInterceptors(AuditInterceptor));
}

//# sourceMappingURL=audited.js.map