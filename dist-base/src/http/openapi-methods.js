/** The methods of OpenAPI 3.1 that may come up in a route of every method; the framework documents more. */ const methods = [
    'get',
    'post',
    'put',
    'delete',
    'patch',
    'options',
    'head'
];
/** `fetch` lets these have no body, and what a server makes of one is undefined. */ const withoutBody = [
    'get',
    'head'
];
/**
 * A route of every method is documented once for each, all under one name; but a client needs names of their own. POST
 * keeps the route's, the others add their method: `invoke`, `invokeGet`, `invokeHead`, …
 */ export function namedByMethod(paths) {
    return Object.fromEntries(Object.entries(paths).map(([path, item])=>[
            path,
            takesEveryMethod(item) ? renamed(item) : item
        ]));
}
function takesEveryMethod(item) {
    return methods.every((method)=>item[method]?.operationId === item.post?.operationId);
}
function renamed(item) {
    const operations = methods.map((method)=>{
        const { requestBody, ...operation } = item[method] ?? {
            responses: {}
        };
        const suffix = method === 'post' ? '' : `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
        const operationId = `${operation.operationId ?? ''}${suffix}`;
        const body = requestBody === undefined || withoutBody.includes(method) ? {} : {
            requestBody
        };
        return [
            method,
            {
                ...operation,
                ...body,
                operationId
            }
        ];
    });
    return Object.fromEntries(operations);
}

//# sourceMappingURL=openapi-methods.js.map