/** Methods that some route takes at `path`, in upper case; empty when there is no route at all. */ export function allowedMethods(application, path) {
    const methods = new Set();
    for (const layer of application.router.stack){
        if (!layer.route || !matches(layer, path)) continue;
        for (const method of Object.keys(layer.route.methods))methods.add(method.toUpperCase());
    }
    if (methods.has('GET')) methods.add('HEAD');
    return [
        ...methods
    ].sort();
}
function matches(layer, path) {
    try {
        return layer.match(path);
    } catch  {
        // A parameter that cannot be decoded matches nothing.
        return false;
    }
}

//# sourceMappingURL=allowed-methods.js.map