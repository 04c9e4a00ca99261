"""What the office declares: owners, accounts, targets, limits, signers. What it owns belongs to book."""

from fo_platform.contracts._base import Table


class Entities(Table):
    """Legal owners."""

    key = ("entity_id",)
    columns = "entity_id entity_name legal_form base_currency risk_aversion"
    allowed = {"legal_form": ("trust", "llc", "foundation")}


class Ownership(Table):
    """Who owns what part of which entity, from which day on."""

    key = ("owned_id", "owner_id", "valid_from")
    columns = "owned_id owner_id valid_from ownership_share"


class Taxpayers(Table):
    """Who bears the tax of which entity's gains, and at what rates; a pass-through entity's rows follow its owners."""

    key = ("taxpayer_id",)
    columns = "taxpayer_id tax_rate_short tax_rate_long tax_deferral_credit carry_forward_base wash_sale_group"


class Accounts(Table):
    """Accounts by our surrogate; the custodian's own number stays in this table alone."""

    key = ("account_id",)
    columns = (
        "account_id entity_id custodian account_id_source statement_basis lot_authority broker? is_tradeable "
        "base_currency cash_floor_base"
    )
    allowed = {"statement_basis": ("trade", "settle"), "lot_authority": ("custodian", "office")}


class AllocationTargets(Table):
    """Target weights and hard limits of every asset class per entity."""

    key = ("entity_id", "asset_class")
    columns = "entity_id asset_class weight_target weight_min weight_max is_liquid proxy_asset_class?"


class Limits(Table):
    """Every policy number of an entity (or of `office`), with its unit."""

    key = ("entity_id", "limit_name")
    columns = "entity_id limit_name value unit"


class PriceRules(Table):
    """Whose price counts for a class of instruments, `*` for any other, how old it may be and what is held."""

    key = ("asset_class", "source")
    columns = "asset_class source source_rank price_age_max_days price_spike_factor"


class Approvers(Table):
    """Who may propose, approve or release for which entity, with which key, from when until when."""

    key = ("entity_id", "approver_id", "approver_role")
    columns = "entity_id approver_id approver_role public_key valid_from valid_until?"
    allowed = {"approver_role": ("proposer", "approver", "releaser")}
