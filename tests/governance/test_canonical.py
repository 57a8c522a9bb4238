"""The canonical form: what is equal gives equal bytes, what is inexact is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import InputError, InternalError
from partnership_os.governance.canonical import canonical_bytes, commitment_digest, digest_of
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import Commitment
from partnership_os.schemas.partnership import ApprovalLevel, Reversibility

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(words.map(lambda t: normalize("NFC", t)), inner, max_size=4)
    ),
    max_leaves=12,
)


def _shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shuffled(item) for key, item in reversed(value.items())}
    return [_shuffled(item) for item in value] if isinstance(value, list) else value


def _decomposed(value: Any) -> Any:
    if isinstance(value, dict):
        return {normalize("NFD", key): _decomposed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_decomposed(item) for item in value]
    return normalize("NFD", value) if isinstance(value, str) else value


@given(values)
def test_order_of_keys_and_unicode_form_do_not_matter(value: Any) -> None:
    assert canonical_bytes(_shuffled(value)) == canonical_bytes(value)
    assert canonical_bytes(_decomposed(value)) == canonical_bytes(value)


@given(values, values)
def test_different_values_give_different_bytes(first: Any, second: Any) -> None:
    same = canonical_bytes(first) == canonical_bytes(second)
    assert same == (repr(_decomposed(_sorted(first))) == repr(_decomposed(_sorted(second))))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_a_decimal_is_its_value(number: Decimal) -> None:
    assert canonical_bytes(number) == canonical_bytes(number.quantize(Decimal("1.000000")))
    assert Decimal(canonical_bytes(number).decode().strip('"')) == number


def test_ten_is_ten() -> None:
    forms = [Decimal(text) for text in ("10", "10.0", "10.00", "1E+1")]
    assert {canonical_bytes(form) for form in forms} == {b'"10"'}
    assert canonical_bytes(Decimal("-0.00")) == b'"0"'
    assert canonical_bytes(Decimal("100")) == b'"100"'
    assert canonical_bytes(Money(amount=Decimal("10.50"), currency="SAR")) == b'{"amount":"10.5","currency":"SAR"}'


def test_times_are_told_in_utc() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=3)))
    assert canonical_bytes(noon) == b'"2026-01-01T09:00:00.000000Z"' == canonical_bytes(noon.astimezone(UTC))
    assert canonical_bytes(date(2026, 1, 1)) == b'"2026-01-01"'
    assert canonical_bytes([ApprovalLevel.VP, Reversibility.R2]) == b'["vp",2]'


@pytest.mark.parametrize(
    "value",
    [1.0, {"a": [0.1]}, float("nan"), 2**53, "\ud800", Decimal("NaN"), Decimal("1E+999999"), {"é": 1, "e\u0301": 2}],
)
def test_what_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        canonical_bytes(value)


def test_deep_nesting_is_refused_before_the_stack_is_full() -> None:
    value: object = None
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InputError, match="nested"):
        canonical_bytes(value)


@pytest.mark.parametrize("value", [{1, 2}, b"x", {1: 2}, datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_has_no_json_form_is_a_bug(value: object) -> None:
    with pytest.raises(InternalError):
        canonical_bytes(value)


def test_every_field_of_a_commitment_changes_its_digest(world: Any, staff: Any) -> None:
    made: Commitment = world.propose(staff("requester"))
    digest = commitment_digest(made)
    assert made.commitment_id == f"cm_{digest[:24]}"
    assert commitment_digest(made.model_copy(update={"commitment_id": "cm_other"})) == digest
    changed = {name: "changed" for name in Commitment.model_fields if name != "commitment_id"} | {"schema_version": 1}
    for name, value in changed.items():
        assert commitment_digest(made.model_copy(update={name: value})) != digest, name
    assert digest == digest_of(
        {name: getattr(made, name) for name in Commitment.model_fields if name != "commitment_id"}
    )
