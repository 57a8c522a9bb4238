"""Synthetic companies for benchmarks: words of the lexicon, the same in every run."""

from random import Random

from partnership_os.tools.company_search import CompanyDocument
from partnership_os.tools.lexicon import ConceptKind, Lexicon

_COUNTRIES = ("SA", "AE", "KW", "QA", "BH", "OM", "EG", "JO")
_ROOTS = ("build", "sell", "lease", "mainta", "finan", "deli", "plan", "tra", "proce", "desi")
_ENDINGS = ("s", "ing", "ed", "or", "ance", "ment", "able", "ation", "ive", "ery")


def synthetic_companies(lexicon: Lexicon, count: int, words: int = 40, seed: int = 7) -> list[CompanyDocument]:
    """Companies with one profile, two capabilities, one country and about ``words`` words of text each.

    Args:
        lexicon: Where profiles and capabilities come from.
        count: How many.
        words: Filler words in each text.
        seed: Of the random numbers.
    """
    random = Random(seed)
    profiles, capabilities = lexicon.slugs(ConceptKind.PROFILE), lexicon.slugs(ConceptKind.CAPABILITY)
    documents = []
    for number in range(count):
        profile = random.choice(profiles)
        named = [item for slug in (profile, *random.sample(capabilities, 2)) if (item := lexicon.get(slug))]
        terms = [random.choice(item.terms) for item in named]
        filler = [random.choice(_ROOTS) + random.choice(_ENDINGS) for _ in range(words)]
        text = f"Company {number} {random.randrange(10**6)}. {', '.join(terms)}. {' '.join(filler)}."
        flags = ("live", f"country_{random.choice(_COUNTRIES)}", f"profile_{profile}")
        documents.append(CompanyDocument(f"co_{number:06}", text, tuple(sorted(flags))))
    return documents


def synthetic_queries(lexicon: Lexicon, count: int, seed: int = 11) -> list[str]:
    """Questions that name two capabilities each."""
    random = Random(seed)
    concepts = [item for slug in lexicon.slugs(ConceptKind.CAPABILITY) if (item := lexicon.get(slug))]
    return [" and ".join(random.choice(item.terms) for item in random.sample(concepts, 2)) for _ in range(count)]
