"""Who is who: strong keys first, names only where they can carry it, everything doubtful to review."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.tools.entity_resolution import Identity, MergeRule, Resolution, ReviewKind, resolve
from partnership_os.tools.name_likeness import are_alike, is_distinctive, legal_form, share_a_token


def firm(key: str, name: str, **known: object) -> Identity:
    return replace(Identity(key=key, label=name, names=(name,)), **known)  # type: ignore[arg-type]


def clusters(*identities: Identity) -> set[tuple[str, ...]]:
    return {cluster for cluster in resolve(identities).clusters if len(cluster) > 1}


def kinds(resolution: Resolution) -> list[ReviewKind]:
    return [review.kind for review in resolution.reviews]


def test_equal_registry_numbers_and_leis_merge_whatever_the_name() -> None:
    a = firm("a", "Falcon Paper", registry_number="1010307349", countries=("SA",))
    b = firm("b", "Eagle Board", registry_number="1010307349")
    c = firm("c", "Eagle Works", lei="5493001KJTIIGC8Y1R12")
    d = firm("d", "Falcon Works", lei="5493001KJTIIGC8Y1R12")
    resolution = resolve([a, b, c, d])
    assert set(resolution.clusters) == {("a", "b"), ("c", "d")}
    assert [step.rule for step in resolution.merges] == [MergeRule.REGISTRY_NUMBER, MergeRule.LEI]


def test_conflicting_strong_ids_are_never_merged() -> None:
    a = firm("a", "Falcon Paper", domain="falcon.com", registry_number="1010307349", countries=("SA",))
    b = firm("b", "Falcon Paper", domain="falcon.com", registry_number="1010307350", countries=("SA",))
    resolution = resolve([a, b])
    assert all(len(cluster) == 1 for cluster in resolution.clusters)
    assert ReviewKind.ID_CONFLICT in kinds(resolution)


def test_an_old_and_a_unified_saudi_number_are_no_conflict() -> None:
    a = firm("a", "Falcon Paper", domain="falcon.com", registry_number="1010307349", countries=("SA",))
    b = firm("b", "Falcon Paper", domain="falcon.com", registry_number="7001775498", countries=("SA",))
    assert clusters(a, b) == {("a", "b")}


def test_one_domain_with_different_names_is_reviewed_not_merged() -> None:
    funds = [
        firm(key, f"Falcon {word}", domain="falcon.com")
        for key, word in zip("abc", ["Capital", "REIT", "Holding"], strict=True)
    ]
    resolution = resolve(funds)
    assert all(len(cluster) == 1 for cluster in resolution.clusters)
    assert [(review.kind, review.keys) for review in resolution.reviews] == [(ReviewKind.SHARED_KEY, ("a", "b", "c"))]


def test_a_domain_on_five_names_identifies_nobody() -> None:
    words = ["Falcon", "Eagle", "Heron", "Osprey", "Kestrel"]
    firms = [firm(word.lower(), f"{word} Paperworks", domain="rh.com") for word in words]
    same = firm("osprey2", "Osprey Paperworks Ltd", domain="rh.com")
    resolution = resolve([*firms, same])
    assert resolution.shared_domains == {"rh.com"}
    assert ("osprey", "osprey2") in resolution.clusters
    assert len(resolution.clusters) == 5


def test_a_former_name_and_a_domain_do_not_make_a_merge() -> None:
    parent = firm("a", "Falcon Limited", domain="falcon.in")
    split_off = firm("b", "Eagle Fluorochemicals Limited", domain="falcon.in")
    assert clusters(parent, split_off) == set()
    brand = firm("c", "Eagle Telecom Company", domain="eagle.sa", brands=("Eagle",))
    short = firm("d", "Eagle", domain="eagle.sa")
    assert clusters(brand, short) == {("c", "d")}


def test_names_alone_merge_only_when_distinctive_and_unopposed() -> None:
    assert clusters(firm("a", "Falconer Paper Co."), firm("b", "Falconer Paper Company")) == {("a", "b")}
    assert clusters(firm("a", "شركة النخيل الذهبي المحدودة"), firm("b", "النخيل الذهبي")) == {("a", "b")}
    assert clusters(firm("a", "National Trading Company"), firm("b", "National Trading Co.")) == set()
    assert clusters(firm("a", "Falconer", countries=("SA",)), firm("b", "Falconer", countries=("EG",))) == set()
    assert clusters(firm("a", "Falconer", domain="f.com"), firm("b", "Falconer", domain="g.com")) == set()
    assert clusters(firm("a", "Falconer Corporation"), firm("b", "Falconer Co., Ltd.")) == set()


def test_a_namesake_without_a_country_joins_only_where_there_is_one_country() -> None:
    homeless = firm("c", "Falconer Paper")
    saudi, egyptian = (firm(key, "Falconer Paper", countries=(code,)) for key, code in (("a", "SA"), ("b", "EG")))
    assert clusters(saudi, homeless) == {("a", "c")}
    assert clusters(saudi, egyptian, homeless) == set()


def test_a_namesake_without_a_number_does_not_choose_between_two_numbers() -> None:
    first = firm("a", "Falconer Paper", registry_number="1010307349", countries=("SA",))
    second = firm("b", "Falconer Paper", registry_number="1010307350", countries=("SA",))
    resolution = resolve([first, second, firm("c", "Falconer Paper", countries=("SA",))])
    assert all(len(cluster) == 1 for cluster in resolution.clusters)
    assert ReviewKind.ID_CONFLICT in kinds(resolution)


def test_names_in_two_scripts_meet() -> None:
    both = replace(firm("a", "Golden Palm Trading"), names=("Golden Palm Trading", "شركة النخلة الذهبية"))
    arabic = firm("b", "شركه النخله الذهبيه")
    assert clusters(both, arabic) == {("a", "b")}


def test_similar_names_are_for_review_only_and_numbers_tell_series_apart() -> None:
    resolution = resolve([firm("a", "Falconer Industries Riyadh"), firm("b", "Falconer Industrie Riyadh")])
    assert kinds(resolution) == [ReviewKind.SIMILAR_NAME]
    assert len(resolution.clusters) == 2
    assert resolve([firm("a", "Falconer Growth Fund 2"), firm("b", "Falconer Growth Fund 3")]).reviews == ()


def test_two_stored_companies_are_never_joined_by_a_row() -> None:
    stored = [
        firm("co_a_1", "Falconer Paper", registry_number="1010307349", company_id="co_a_1"),
        firm("co_b_2", "Eagle Board", lei="5493001KJTIIGC8Y1R12", company_id="co_b_2"),
    ]
    bridge = firm("row", "Falconer", registry_number="1010307349", lei="5493001KJTIIGC8Y1R12")
    resolution = resolve([*stored, bridge])
    assert set(resolution.clusters) == {("co_a_1", "row"), ("co_b_2",)}
    assert ReviewKind.STORED_APART in kinds(resolution)


def test_a_known_row_goes_to_its_company_even_with_a_common_name() -> None:
    stored = firm("co_a_1", "National Trading", company_id="co_a_1")
    assert clusters(stored, firm("row", "National Trading", known_as="co_a_1")) == {("co_a_1", "row")}


def test_one_security_and_like_names_merge_unlike_names_are_reviewed() -> None:
    a, b = (firm(key, "Falconer Paper plc", securities=("isin:GB00B01QGK86",)) for key in "ab")
    c = firm("c", "Heron Mills", securities=("isin:GB00B01QGK86",))
    resolution = resolve([a, b, c])
    assert ("a", "b") in resolution.clusters
    assert ReviewKind.SHARED_KEY in kinds(resolution)


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("National Gas & Industerialization Co.", "National Gas and Industrialization Company", True),
        ("Al-Rajhi Bank", "AlRajhi Bank", True),
        ("Nedbank Limited", "Nedbank Group Limited", False),
        ("Financial 15 Split Corp.", "Financial 16 Split Corp.", False),
        ("Samwha Electric Co.", "Samwha Electronics Co.", False),
        ("Falcon (Thailand) Public Co. Ltd. NVDR", "Falcon (Thailand) Public Company Limited", True),
    ],
)
def test_likeness_of_names(first: str, second: str, alike: bool) -> None:
    assert are_alike(first, second) is alike
    assert are_alike(second, first) is alike


def test_distinctive_names_shared_tokens_and_legal_forms() -> None:
    assert is_distinctive("Almarai Company")
    assert not is_distinctive("Saudi National Trading Company")
    assert not is_distinctive("GE")
    assert share_a_token("WNC Corporation", "Wistron NeWeb Corporation")
    assert share_a_token("Sewon Works", "Sewoncelltech")
    assert share_a_token("Kinatico Paper", "Kinatica Holdings")
    assert not are_alike("…", "Falcon")
    assert are_alike("Angang Works Co., Ltd. Class H", "Angang Works Company Limited")
    assert not share_a_token("Riyadh Cement Co.", "Saudi White Cement Company")
    assert legal_form("Falcon Co., Limited") == {"co", "ltd"}


_FIRMS = st.builds(
    lambda name, number, domain, country: (name, number, domain, country),
    st.sampled_from(
        ["Falconer Paper", "Falconer Paper Co.", "Falconer Papers", "National Trading", "شركة النخيل الذهبي"]
    ),
    st.sampled_from([None, None, "1010307349", "1010307350", "7001775498"]),
    st.sampled_from([None, None, "falcon.com", "eagle.com"]),
    st.sampled_from([(), ("SA",), ("EG",)]),
)


@given(st.lists(_FIRMS, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(firms: list[tuple[str, str, str, tuple[str, ...]]], random: object) -> None:
    identities = [
        firm(f"row{index}", name, registry_number=number, domain=domain, countries=country)
        for index, (name, number, domain, country) in enumerate(firms)
    ]
    shuffled = list(identities)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(identities) == resolve(shuffled)


@given(st.lists(_FIRMS, max_size=9))
def test_no_company_ever_has_two_numbers_of_one_kind(firms: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
    identities = {
        f"row{index}": firm(f"row{index}", name, registry_number=number, domain=domain, countries=country)
        for index, (name, number, domain, country) in enumerate(firms)
    }
    for cluster in resolve(identities.values()).clusters:
        numbers = {identities[key].registry_number for key in cluster} - {None}
        assert len([number for number in numbers if str(number).startswith("1")]) <= 1
