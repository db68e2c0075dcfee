const maxNames = 64;
/**
 * What names a container has lately been given addresses of. Some programs resolve a name first and connect to the
 * address then: that is as allowed as the name. The oldest are forgotten.
 */ export class ResolvedNames {
    recent = [];
    remember(name, addresses) {
        const others = this.recent.filter((resolved)=>resolved.name !== name);
        this.recent = [
            {
                name,
                addresses
            },
            ...others
        ].slice(0, maxNames);
    }
    namesOf(address) {
        return this.recent.filter(({ addresses })=>addresses.includes(address)).map(({ name })=>name);
    }
}

//# sourceMappingURL=resolved-names.js.map