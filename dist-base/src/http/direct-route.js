/** Takes a request and answers it, or returns false and has done nothing: then it goes the framework's way. */ export { };

//# sourceMappingURL=direct-route.js.map