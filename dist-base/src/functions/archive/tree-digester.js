/** Runs `digestOrNull` where it cannot hold up the server. */ export class TreeDigester {
}

//# sourceMappingURL=tree-digester.js.map