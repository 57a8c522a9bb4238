"""A courier that does as it is told, for tests of what happens when a way out of the house fails."""

from collections.abc import Callable

from partnership_os.governance.courier import Parcel, Receipt


class ScriptedCourier:
    """Implements `governance.courier.Courier`: notes every call, and fails as scripted.

    Args:
        *script: Raised one after the other by the first calls; the calls after them succeed.
    """

    name = "scripted"

    def __init__(self, *script: BaseException) -> None:
        self.script = list(script)
        self.calls: list[Parcel] = []
        self.during: Callable[[], object] = lambda: None
        """Runs in the middle of each delivery."""
        self.reference = "there"

    @property
    def keys(self) -> list[str]:
        """The idempotency keys of the calls, in their order."""
        return [parcel.idempotency_key for parcel in self.calls]

    def deliver(self, parcel: Parcel) -> Receipt:
        """Take the parcel, unless the script says otherwise."""
        self.calls.append(parcel)
        self.during()
        if self.script:
            raise self.script.pop(0)
        return Receipt(reference=self.reference)
