import { All, Controller } from '@nestjs/common';
import { RequiresScope } from '../../common/auth/route-access.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { callScope, DocumentedInvoke, DocumentedInvokePath } from './invoke.openapi.js';

/** The routes below `/invoke` as the OpenAPI document shows them. No request reaches them: the gateway takes all. */
@ApiTags('calls')
@Controller()
export class InvokeController {
  @All('invoke/:name')
  @RequiresScope(callScope)
  @DocumentedInvoke()
  invoke(): never {
    throw passedBy();
  }

  /** A path of the function's own below its name. */
  @All('invoke/:name/*path')
  @RequiresScope(callScope)
  @DocumentedInvokePath()
  invokePath(): never {
    throw passedBy();
  }
}

function passedBy(): Error {
  return new Error('A request for a call has passed the gateway by.');
}
