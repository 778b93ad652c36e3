"""Which policy holds: what the committee decided in the register, and until then what the operator named.

Knows the order between the two, so that everything that acts on one register acts by one policy. Leaves out
what a policy says (policy.py), and how it is decided (acts/policies.py).
"""

from collections.abc import Callable
from functools import lru_cache

from store.policy import Policy, parse_kept
from store.records import PolicyDecision
from store.register import Reader, RegisterUnavailable


def policy_in_force(reader: Reader, named: Policy) -> Policy:
    """Return the policy decided last; `named` by file or profile holds until there is one.

    Raises:
        BadPolicy: it was decided under a release that took other values.

    """
    decided = newest_decision(reader)
    return policy_decided(decided) if decided else named


class InForce:
    """The policy in force, as one process comes to know it; `heed` is told when it finds another one."""

    def __init__(self, reader: Reader, named: Policy, heed: Callable[[Policy], None] | None = None) -> None:
        self._reader = reader
        self._named = named
        self._heed = heed
        self.known = named
        """The policy as it was when this process asked last."""

    def now(self) -> Policy:
        """Return the policy in force at this moment.

        Raises:
            RegisterUnavailable: nobody knows whether it was decided anew.

        """
        policy = policy_in_force(self._reader, self._named)
        if policy is not self.known:
            self.known = policy
            if self._heed:
                self._heed(policy)
        return policy

    def told(self) -> Policy:
        """Return the policy to be told to readers: the one known last where the register cannot be read."""
        try:
            return self.now()
        except RegisterUnavailable:
            return self.known


def newest_decision(reader: Reader) -> PolicyDecision | None:
    """Return the decision that holds, or None while there is none."""
    return next(iter(reader.newest(PolicyDecision, 1)), None)


def policy_decided(decision: PolicyDecision) -> Policy:
    """Return the policy that a decision put in force."""
    return _read(decision.text, decision.id)


@lru_cache(maxsize=32)
def _read(text: str, decision_id: str) -> Policy:
    return parse_kept(text, file=decision_id)
