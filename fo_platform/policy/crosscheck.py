"""What one policy file says about another: names that exist, numbers that add up.

The shape of one file belongs to models.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, combinations

from fo_platform.declarations import Location, nearest
from fo_platform.policy.models import AssetClass, Entity, Owner, Target
from fo_platform.policy.office import Policy

DEMO_KEYS = (
    "SVKqQTy/CoU8Ce27V81CFNkXMEz0IRK0THD1w5mwqWk=",
    "uI3I0TDHwz7SYP9icPV+A/YQNZblaQH8SH01wUSqoeI=",
    "ejoI+XQVmhPp9zk7sENMS2cXQCHlO+UuBWB+x2awLyM=",
    "XMD/YlHcfdexfrcTmvlLTcIZmgF1NyLArpIlR0bjoJw=",
)
"""Public keys of the demo office's made-up people."""


@dataclass(frozen=True)
class Problem:
    """Something that names nothing, or numbers that do not add up."""

    file: str
    location: Location
    sentence: str
    remedy: str


def problems(policy: Policy) -> Iterator[Problem]:
    """Everything in the policy that does not hold together, in the order in which one would mend it."""
    return chain(
        _asset_classes(policy),
        _owners(policy),
        _shares(policy),
        _accounts(policy),
        _targets(policy),
        _limits(policy),
        _prices(policy),
        _scenarios(policy),
        _liquidity(policy),
        _cash_flows(policy),
        _tariffs(policy),
        _benchmarks(policy),
        _alerts(policy),
        _authority(policy),
        _signatures(policy),
        _demo_keys(policy),
    )


def _unknown(
    file: str, location: Location, name: str, known: Iterable[str], *, what: str = "declared"
) -> Iterator[Problem]:
    names = sorted(known)
    if name not in names:
        sentence = f"`{name}` is not {what}; {nearest(name, names)}"
        yield Problem(file, location, sentence, "Declare it or correct the name.")


def _asset_classes(policy: Policy) -> Iterator[Problem]:
    liquid = [name for name, body in policy.asset_classes.items() if body.is_liquid]
    for name, body in policy.asset_classes.items():
        if body.proxy is not None:
            yield from _unknown("asset_classes", (name, "proxy"), body.proxy, liquid, what="a liquid class")


def _owners(policy: Policy) -> Iterator[Problem]:
    for name, entity in policy.entities.items():
        for i, owner in enumerate(entity.owners):
            location = ("entities", name, "owners", i, "owner")
            yield from _unknown("entities", location, owner.owner, {*policy.entities, *policy.taxpayers})
        if name in _ancestors(policy.entities, name):
            yield Problem(
                "entities", ("entities", name, "owners"), f"{name} owns itself", "Break the circle of owners."
            )


def _ancestors(entities: dict[str, Entity], name: str) -> set[str]:
    """Every owner of an entity, and their owners."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        body = entities.get(waiting.pop())
        owners = {owner.owner for owner in body.owners} if body else set()
        waiting.extend(owners - found)
        found |= owners
    return found


def _shares(policy: Policy) -> Iterator[Problem]:
    dated = [(name, body, owner.valid_from) for name, body in policy.entities.items() for owner in body.owners]
    for name, entity, day in dated:
        total = sum(_shares_on(entity.owners, day).values(), Decimal(0))
        if total > 1:
            sentence = f"shares from {day} on sum to {total}, more than 1"
            yield Problem("entities", ("entities", name, "owners"), sentence, "Correct or date the shares.")


def _shares_on(owners: list[Owner], day: date) -> dict[str, Decimal]:
    """Share by owner on a day: the last one that began."""
    begun = sorted((o for o in owners if o.valid_from <= day), key=lambda o: o.valid_from)
    return {owner.owner: owner.share for owner in begun}


def _accounts(policy: Policy) -> Iterator[Problem]:
    stated = [(source, name, body) for source, file in policy.sources.items() for name, body in file.accounts.items()]
    for source, name, account in stated:
        yield from _unknown("custodians", (source, "accounts", name, "entity"), account.entity, policy.entities)
    for (earlier_source, earlier, other), (source, name, account) in combinations(stated, 2):
        location = (source, "accounts", name)
        if earlier == name:
            sentence = f"`{name}` is already an account of {earlier_source}"
            yield Problem("custodians", location, sentence, "Give each account its own surrogate.")
        elif (earlier_source, other.account_id_source) == (source, account.account_id_source):
            number = (*location, "account_id_source")
            yield Problem("custodians", number, f"already the number of {earlier}", "Correct the custodian's number.")


def _targets(policy: Policy) -> Iterator[Problem]:
    for name in policy.entities:
        yield from _unknown("targets", (), name, policy.targets)
    for name, classes in policy.targets.items():
        yield from _unknown("targets", (name,), name, policy.entities)
        yield from _classes(name, classes, policy.asset_classes)
        total = sum((target.target for target in classes.values()), Decimal(0))
        if total != 1:
            remedy = (
                f"{'Add' if total < 1 else 'Take'} {abs(1 - total)} {'to' if total < 1 else 'from'} one of its targets."
            )
            yield Problem("targets", (name,), f"targets sum to {total}, not exactly 1", remedy)


def _classes(entity: str, targets: dict[str, Target], known: dict[str, AssetClass]) -> Iterator[Problem]:
    for name in targets:
        yield from _unknown("targets", (entity, name), name, known)
        proxy = known[name].proxy if name in known else None
        if proxy is not None and proxy not in targets:
            sentence = f"its proxy class {proxy} has no target"
            yield Problem("targets", (entity, name), sentence, f"Give {entity} a target for {proxy}, even 0.")


def _limits(policy: Policy) -> Iterator[Problem]:
    for name in policy.limits.entities:
        yield from _unknown("limits", ("entities", name), name, policy.entities)
    for scope in ("office", *policy.entities):
        limits = policy.limits.of(scope)
        if limits["drift_rearm"] >= limits["drift_limit"]:
            location = ("office", "drift_rearm") if scope == "office" else ("entities", scope, "drift_rearm")
            sentence = f"{limits['drift_rearm']} is not below drift_limit {limits['drift_limit']}"
            yield Problem("limits", location, sentence, "An episode closes below the limit that opened it.")


def _scenarios(policy: Policy) -> Iterator[Problem]:
    """Classes that scenarios move are declared; the base currency, in which losses are counted, does not move."""
    moves = [(name, body.shocks) for name, body in policy.scenarios.scenarios.items() if body.shocks]
    for name, shocks in moves:
        location = ("scenarios", name, "shocks")
        for asset_class in shocks.classes:
            yield from _unknown("scenarios", (*location, "classes", asset_class), asset_class, policy.asset_classes)
        if policy.office.base_currency in shocks.currencies:
            sentence = f"{policy.office.base_currency} is the office's base currency and cannot move against itself"
            yield Problem("scenarios", (*location, "currencies"), sentence, "Move the other currencies instead.")


def _prices(policy: Policy) -> Iterator[Problem]:
    """Sources and classes that prices.yaml names are declared."""
    named: list[tuple[Location, str]] = [(("sources", i), name) for i, name in enumerate(policy.prices.sources)]
    for asset_class, body in policy.prices.classes.items():
        yield from _unknown("prices", ("classes", asset_class), asset_class, policy.asset_classes)
        named += [(("classes", asset_class, "sources", i), name) for i, name in enumerate(body.sources or [])]
    for location, source in named:
        yield from _unknown("prices", location, source, policy.sources)


def _benchmarks(policy: Policy) -> Iterator[Problem]:
    """Classes that benchmarks.yaml names are declared, and what each is measured against begins on one day only."""
    for asset_class, bodies in policy.benchmarks.items():
        yield from _unknown("benchmarks", (asset_class,), asset_class, policy.asset_classes)
        begun = Counter(body.valid_from for body in bodies)
        for twice in [day for day, count in begun.items() if count > 1]:
            sentence = f"{begun[twice]} benchmarks begin on {twice}"
            yield Problem("benchmarks", (asset_class,), sentence, "Date each by the day from which it holds.")


def _alerts(policy: Policy) -> Iterator[Problem]:
    """Limits and scopes that alert rules name are declared."""
    known = policy.limits.of("office")
    for name, rule in policy.alerts.items():
        if rule.limit is not None:
            yield from _unknown("alerts", (name, "limit"), rule.limit, known)
        for i, scope in enumerate(rule.scopes):
            yield from _unknown("alerts", (name, "scopes", i), scope, {"office", *policy.entities})


def _liquidity(policy: Policy) -> Iterator[Problem]:
    """Classes and accounts that liquidity.yaml names are declared, and no holding is pledged twice."""
    for name in policy.liquidity.classes:
        yield from _unknown("liquidity", ("classes", name), name, policy.asset_classes)
    pledged = set()
    for i, pledge in enumerate(policy.liquidity.pledges):
        yield from _unknown("liquidity", ("pledges", i, "account"), pledge.account, policy.accounts)
        if (pledge.account, pledge.instrument) in pledged:
            sentence = f"{pledge.instrument} of {pledge.account} is already pledged"
            yield Problem("liquidity", ("pledges", i), sentence, "State one share for all its pledges.")
        pledged.add((pledge.account, pledge.instrument))


def _cash_flows(policy: Policy) -> Iterator[Problem]:
    """Entities that spend and pay tax are declared."""
    for rule, subjects in (("spending", policy.cash_flows.spending), ("tax", policy.cash_flows.tax)):
        for name in subjects:
            yield from _unknown("cash_flows", (rule, name), name, policy.entities)


def _tariffs(policy: Policy) -> Iterator[Problem]:
    """Accounts and entities that tariffs.yaml names are declared, and no charge is agreed twice from one day on."""
    stated = [(provider, i, body) for provider, bodies in policy.tariffs.items() for i, body in enumerate(bodies)]
    seen = set()
    for provider, i, tariff in stated:
        for account in tariff.agreed_values:
            yield from _unknown("tariffs", (provider, i, "agreed_values", account), account, policy.accounts)
        if tariff.entity is not None:
            yield from _unknown("tariffs", (provider, i, "entity"), tariff.entity, policy.entities)
        key = (provider, tariff.layer, tariff.entity, tariff.valid_from)
        if key in seen:
            sentence = f"{provider} already charges for {tariff.layer} from {tariff.valid_from} on"
            yield Problem("tariffs", (provider, i), sentence, "Keep one of the two, or date them.")
        seen.add(key)


def _authority(policy: Policy) -> Iterator[Problem]:
    for name, approver in policy.approvers.items():
        for entity in approver.authority:
            yield from _unknown("approvers", (name, "authority", entity), entity, policy.entities)


def _signatures(policy: Policy) -> Iterator[Problem]:
    """Enough different keys can sign for every entity without the proposers'."""
    for entity in policy.entities:
        needed = policy.limits.of(entity)["min_approvals"]
        proposers = _keys(policy, entity, "proposer")
        approvers = _keys(policy, entity, "approver") - proposers
        if len(approvers) < needed:
            sentence = f"{entity} needs {needed} approvers' keys that are not a proposer's and has {len(approvers)}"
            yield Problem("approvers", (), sentence, f"Declare another approver for {entity} or lower min_approvals.")


def _keys(policy: Policy, entity: str, role: str) -> set[str]:
    return {body.public_key for body in policy.approvers.values() if role in body.authority.get(entity, ())}


def _demo_keys(policy: Policy) -> Iterator[Problem]:
    if policy.office.demo_keys == "allowed":
        return
    for name, approver in policy.approvers.items():
        if approver.public_key in DEMO_KEYS:
            sentence = "this is a demo key, whose private half everybody has"
            yield Problem("approvers", (name, "public_key"), sentence, "Let the person make a key of their own.")
