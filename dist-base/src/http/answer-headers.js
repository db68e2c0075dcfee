import helmet from 'helmet';
import { requestIdOf } from './request-id.js';
/** The server speaks plain HTTP, so headers that would send browsers to HTTPS would only break its pages. */ const secureHeaders = helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
        directives: {
            upgradeInsecureRequests: null
        }
    }
});
/** Routes are found whatever the case of their letters. */ const call = /^\/invoke\//i;
/** What every answer carries. A call's answer belongs to the function, and its path is kept short. */ export function answerHeaders(request, response, next) {
    if (call.test(request.url)) {
        response.setHeader('X-Content-Type-Options', 'nosniff');
        next();
        return;
    }
    response.setHeader('X-Request-Id', requestIdOf(request.headers['x-request-id']));
    secureHeaders(request, response, next);
}

//# sourceMappingURL=answer-headers.js.map