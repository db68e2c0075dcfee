/**
 * "Does this code load?", asked before a change is answered. `functions` declares it, `sandbox` answers with a real
 * container, so that functions need not know containers. The module that implements it hands its instance to
 * `Candidates.use` when it is initialised: so the dependency points one way only.
 */ export class CandidateCheck {
}

//# sourceMappingURL=candidate-check.js.map