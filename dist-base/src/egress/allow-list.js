/**
 * `named`: the function's allow-list names the host. `public`: it may go wherever the internet is. `none`: it may not
 * go there.
 */ /** Where one function may connect to. */ export { };

//# sourceMappingURL=allow-list.js.map