/** The plan that unpacking follows; made by the gate alone. */ export { };

//# sourceMappingURL=approved-archive.js.map