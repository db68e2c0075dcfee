import { accessSettings } from '../access.settings.js';
import { AccessControl } from './access-control.js';
import { hostProblemOf } from './host-problem.js';
/**
 * What guards cannot reach: requests for no route at all, and the pages below `pagePaths`, which no controller serves.
 * Call it before any route is added, because Express goes through its layers in the order of their making.
 */ export function protect(application, pagePaths) {
    const settings = application.get(accessSettings.config.KEY);
    const control = application.get(AccessControl);
    application.use(hostCheck(settings.allowedHosts, control));
    application.use([
        ...pagePaths
    ], keyCheck(control));
}
function hostCheck(allowedHosts, control) {
    const hostProblem = hostProblemOf(allowedHosts, control);
    return (request, response, next)=>{
        next(hostProblem(request, response));
    };
}
function keyCheck(control) {
    return async (request, response, next)=>{
        try {
            await control.admit(request, response, 'functions:read');
        } catch (error) {
            next(error);
            return;
        }
        next();
    };
}

//# sourceMappingURL=protect.js.map