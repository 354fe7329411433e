"""PURE: which QuickBooks customer may be which company, why, and which names stand in the way of a new one.

A suggestion is *certain* only when accepting it unseen is safe: the same name, nothing against it, and no second
candidate on either side that fits nearly as well. *Likely* means that somebody must look before a new customer is
created. Records are compared only when they share something, so that 5,000 companies meet 50,000 customers in seconds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rapidfuzz import fuzz

from centerpoint.quickbooks.mapping.names import free_name
from centerpoint.quickbooks.models import Suggestion
from centerpoint.quickbooks.pairing.traits import Name, Party, Traits

Verdict = Suggestion.Verdict

LIKELY = 66  # the least score that is shown
MARGIN = 10  # a second candidate this near makes the first uncertain
PER_COMPANY = 5  # likely candidates shown

# Of a name's likeness, 0 to 100, four fifths count; the rest is what else agrees or differs.
SAME_TEXT, SAME_WORDS, CUT_OFF = 15, 8, 8
AGREES = {"phone": 12, "email": 12, "domain": 8, "address": 10}
DIFFERS = {"phone": 6, "domain": 8, "address": 8, "legal form": 8}
# How alike two names can be at most when a word of one has no like in the other, or their numbers differ.
WITH_A_STRANGE_WORD, WITH_OTHER_NUMBERS = 75, 40
ALIKE_WORDS = 60  # two words less alike than this are strangers

COMMON = 150  # a trait shared by more customers than this does not make two records worth comparing by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`customer` or `clash` is set: the candidate, or who bears the name that the company would get there."""

    company: int
    customer: int | None = None
    clash: int | None = None
    verdict: Suggestion.Verdict
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who bears a name in the company file: a customer, or an entry of another list."""

    what: str  # "vendor", "employee", "other name", "inactive customer", "customer"
    customer: int | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    score: int
    is_safe: bool  # the same name, and nothing against it
    reasons: tuple[str, ...]


def wanted_name(company_name: str) -> str:
    """The name a new customer would get if nobody else bore it, as QuickBooks compares names."""
    return free_name(company_name, lambda candidate: False).lower()


def suggest(
    companies: Sequence[Party],
    customers: Iterable[Party],
    *,
    holders: Mapping[str, Holder],
    rejected: Collection[tuple[int, int]] = frozenset(),
) -> list[Proposal]:
    """What to show for each company, the best first.

    `customers` are the unpaired ones; `holders` says by wanted name who bears it; `rejected` are pairs (company,
    customer) that somebody has looked at and found to be two.
    """
    index = Index(companies, customers)
    found: list[Proposal] = []
    for company in companies:
        found += _candidates(Traits(company), index, rejected)
    settled = _doubt_rivals(found)
    return [*settled, *_clashes(companies, holders, settled, rejected)]


def _candidates(
    company: Traits, customers: "Index", rejected: Collection[tuple[int, int]]
) -> Iterable[Proposal]:
    matches = []
    for customer in customers.worth_comparing(company):
        if (company.party.key, customer.party.key) in rejected:
            continue
        match = compare(company, customer)
        if match.score >= LIKELY:
            matches.append((match, customer))
    matches.sort(key=lambda pair: (-pair[0].score, pair[1].party.key))
    return [
        Proposal(
            company=company.party.key,
            customer=customer.party.key,
            verdict=Verdict.CERTAIN if match.is_safe else Verdict.LIKELY,
            score=match.score,
            reasons=match.reasons,
        )
        for match, customer in matches[:PER_COMPANY]
    ]


def _doubt_rivals(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Certain only without a rival: neither another customer for the company nor another company for the customer."""
    by_company: dict[int, list[Proposal]] = defaultdict(list)
    by_customer: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        assert proposal.customer is not None
        by_company[proposal.company].append(proposal)
        by_customer[proposal.customer].append(proposal)
    settled = []
    for proposal in proposals:
        assert proposal.customer is not None
        doubts = []
        if _has_rival(proposal, by_company[proposal.company]):
            doubts.append("Another QuickBooks customer fits about as well.")
        if _has_rival(proposal, by_customer[proposal.customer]):
            doubts.append("Another company fits about as well.")
        if doubts:
            proposal = replace(proposal, verdict=Verdict.LIKELY, reasons=(*proposal.reasons, *doubts))
        settled.append(proposal)
    return settled


def _has_rival(proposal: Proposal, proposals: Sequence[Proposal]) -> bool:
    return any(other is not proposal and other.score > proposal.score - MARGIN for other in proposals)


def _clashes(
    companies: Sequence[Party],
    holders: Mapping[str, Holder],
    proposals: Sequence[Proposal],
    rejected: Collection[tuple[int, int]],
) -> list[Proposal]:
    """Names that are taken, unless their bearer is itself suggested. A rejected bearer still has the name."""
    suggested = {(proposal.company, proposal.customer) for proposal in proposals}
    clashes = []
    for company in companies:
        holder = holders.get(wanted_name(company.name))
        if holder is None or (company.key, holder.customer) in suggested:
            continue
        if holder.customer is not None and (company.key, holder.customer) in rejected:
            continue
        article = "an" if holder.what[0] in "aeiou" else "a"
        clashes.append(
            Proposal(
                company=company.key,
                customer=holder.customer,
                clash=holder.entry,
                verdict=Verdict.NAME_CLASH,
                score=100,
                reasons=(f"The name already belongs to {article} {holder.what} in QuickBooks.",),
            )
        )
    return clashes


# -- two records compared ------------------------------------------------------------------------------------------


def compare(company: Traits, customer: Traits) -> Match:
    """How much speaks for the two being one, 0 to 100, and why."""
    likeness, bonus, name_reason, is_same_name = _compare_names(company, customer)
    agreeing, differing = _agreements(company, customer), _differences(company, customer)
    score = 0.8 * likeness + bonus
    score += sum(AGREES[trait] for trait, _ in agreeing) - sum(DIFFERS[trait] for trait, _ in differing)
    is_exact = bonus == SAME_TEXT
    reasons = [name_reason, *(sentence for _, sentence in chain(agreeing, differing))]
    if not customer.party.is_active:
        reasons.append("The customer is inactive in QuickBooks.")
    return Match(
        score=max(0, min(100, round(score))),
        is_safe=is_same_name and not differing and customer.party.is_active and (is_exact or bool(agreeing)),
        reasons=tuple(reasons),
    )


def _compare_names(company: Traits, customer: Traits) -> tuple[float, int, str, bool]:
    """Likeness, bonus, reason, and whether it is the same name but for its spelling."""
    ours, theirs, other = company.name, customer.name, customer.company_name
    if ours.text == theirs.text:
        return 100, SAME_TEXT, "The names are the same.", True
    if ours.joined == theirs.joined:
        return 100, SAME_WORDS, "The names are the same but for spelling, word order or legal form.", True
    if other is not None and ours.joined == other.joined:
        return 100, SAME_WORDS, "The company name there is the same.", True
    if theirs.may_be_cut and " ".join(ours.words).startswith(" ".join(theirs.words)):
        return 100, CUT_OFF, "The names are the same as far as QuickBooks has room.", True
    likeness = max(name_likeness(ours, name) for name in (theirs, other) if name is not None)
    return likeness, 0, f"The names are alike ({round(likeness)} of 100).", False


def name_likeness(one: Name, other: Name) -> float:
    """How alike two different names are, 0 to 100."""
    shorter, longer = sorted((set(one.words), set(other.words)), key=len)
    if shorter <= longer and len(shorter) > 1 and one.numbering == other.numbering:
        return 88
    if one.numbering and other.numbering and one.numbering != other.numbering:
        return min(WITH_OTHER_NUMBERS, fuzz.ratio(one.joined, other.joined))
    likeness = fuzz.ratio(one.joined, other.joined)
    if shorter <= longer:
        return WITH_A_STRANGE_WORD
    if one.numbering != other.numbering or _has_strangers(shorter - longer, longer - shorter):
        return min(WITH_A_STRANGE_WORD, likeness)
    return likeness


def _has_strangers(words: Collection[str], others: Collection[str]) -> bool:
    return any(max((fuzz.ratio(word, other) for other in others), default=0) < ALIKE_WORDS for word in words)


def _agreements(company: Traits, customer: Traits) -> list[tuple[str, str]]:
    agreeing = []
    if company.phone and company.phone == customer.phone:
        agreeing.append(("phone", f"Both have the phone number {customer.party.phone}."))
    if shared := company.emails & customer.emails:
        agreeing.append(("email", f"Both have the e-mail address {min(shared)}."))
    elif domains := company.domains & customer.domains:
        agreeing.append(("domain", f"Both have e-mail addresses at {min(domains)}."))
    if _at_the_same_place(company, customer):
        agreeing.append(("address", "Both are at the same address."))
    return agreeing


def _differences(company: Traits, customer: Traits) -> list[tuple[str, str]]:
    differing = []
    if company.phone and customer.phone and company.phone != customer.phone:
        differing.append(("phone", "The phone numbers differ."))
    if company.domains and customer.domains and not company.domains & customer.domains:
        differing.append(("domain", "The e-mail addresses are at different domains."))
    # The same street with another town or code may be a slip.
    if company.street and customer.street and company.street != customer.street:
        differing.append(("address", "The addresses differ."))
    ours, theirs = company.name.legal_forms, customer.name.legal_forms
    if ours and theirs and ours != theirs:
        differing.append(("legal form", "The legal forms differ."))
    return differing


def _at_the_same_place(company: Traits, customer: Traits) -> bool:
    if not company.street or company.street != customer.street:
        return False
    if company.postal_code and customer.postal_code:
        return company.postal_code == customer.postal_code
    return bool(company.city) and company.city == customer.city


# -- which records are worth comparing -----------------------------------------------------------------------------


class Index:
    """Customers by what they share with any of these companies: beginnings of words, phone, e-mail, address.

    Customers stream by, and who shares nothing with anybody is forgotten: a company file may hold 50,000.
    """

    def __init__(self, companies: Iterable[Party], customers: Iterable[Party]) -> None:
        self._customers: list[Traits] = []
        self._by_word: dict[str, list[int]] = {}
        self._by_trait: dict[str, list[int]] = {}
        for company in map(Traits, companies):
            self._by_word.update((word, []) for word in _beginnings(company))
            self._by_trait.update((trait, []) for trait in _telling(company))
        if self._by_word or self._by_trait:
            for customer in customers:
                self._add(Traits(customer))

    def _add(self, customer: Traits) -> None:
        sharing = [self._by_word[word] for word in _beginnings(customer) if word in self._by_word]
        sharing += [self._by_trait[trait] for trait in _telling(customer) if trait in self._by_trait]
        for positions in sharing:
            positions.append(len(self._customers))
        if sharing:
            # Without the traits that were just worked out: most are never compared.
            self._customers.append(Traits(customer.party))

    def worth_comparing(self, company: Traits) -> list[Traits]:
        positions: set[int] = set()
        for trait in _telling(company):
            if len(sharing := self._by_trait.get(trait, ())) <= COMMON:
                positions.update(sharing)
        sharing_words = [self._by_word.get(word, []) for word in _beginnings(company)]
        for sharing in sharing_words:
            if len(sharing) <= COMMON:
                positions.update(sharing)
        if known := [sharing for sharing in sharing_words if sharing]:
            # A name made of common words only is compared with those who share them all.
            positions.update(set(known[0]).intersection(*known[1:]))
        return [self._customers[position] for position in sorted(positions)]


def _beginnings(party: Traits) -> set[str]:
    """A slip of the pen is rarer at the beginning of a word."""
    names = [party.name, *([party.company_name] if party.company_name else [])]
    return {word[:4] for name in names for word in name.words}


def _telling(party: Traits) -> list[str]:
    telling = [party.phone] if party.phone else []
    telling += party.emails
    telling += (f"@{domain}" for domain in party.domains)
    if party.street and party.postal_code:
        telling.append(f"{party.street} {party.postal_code}")
    return telling


def affected(companies: Sequence[Party], news: Iterable[Party], names: Collection[str]) -> set[int]:
    """The companies that news about these customers, or about the bearers of these names, may concern."""
    index = Index(companies, news)
    concerned = set()
    for company in companies:
        traits = Traits(company)
        if wanted_name(company.name) in names or any(
            compare(traits, customer).score >= LIKELY for customer in index.worth_comparing(traits)
        ):
            concerned.add(company.key)
    return concerned
