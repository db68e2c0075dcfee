export { };

//# sourceMappingURL=function.js.map