"""Which mart is compared with which calculation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracle.alerts import Alerts
from tests.oracle.cash import Cash
from tests.oracle.commissions import Commissions
from tests.oracle.company import Company
from tests.oracle.compare import Mart, Rows
from tests.oracle.conflicts import Conflicts
from tests.oracle.contracts import Contracts
from tests.oracle.credit import Credit
from tests.oracle.customers import Customers
from tests.oracle.delivery import BATCH_AMOUNTS, BATCH_DAYS, Delivery
from tests.oracle.demand import Demand, late_order_lines, order_delivery
from tests.oracle.desk import Desk
from tests.oracle.exports import Exports
from tests.oracle.forecasts import Forecasts
from tests.oracle.journeys import Journeys
from tests.oracle.leads import Leads
from tests.oracle.marketing import Marketing
from tests.oracle.opportunities import Opportunities
from tests.oracle.plan import Plan
from tests.oracle.process import Process
from tests.oracle.receivables import Receivables
from tests.oracle.rolls import Rolls
from tests.oracle.statements import Statements
from tests.oracle.waterfall import Waterfall


class Oracle:
    """All domains over one folder of exports; `clusters` names the cluster of each lead that is not alone.

    Figures are those of `as_of`, else of the newest export's day.
    """

    def __init__(self, exports: Path, clusters: Mapping[str, str] | None = None, as_of: date | None = None) -> None:
        self.company = Company(Exports(exports, as_of))
        self.clusters = clusters or {}

    @cached_property
    def receivables(self) -> Receivables:
        """Receivables."""
        return Receivables(self.company)

    @cached_property
    def opportunities(self) -> Opportunities:
        """Opportunities and forecasts."""
        return Opportunities(self.company)

    @cached_property
    def forecasts(self) -> Forecasts:
        """Calibrated forecasts, submissions and accuracy."""
        return Forecasts(self.company, self.opportunities)

    @cached_property
    def process(self) -> Process:
        """Stages, registrations and quotes."""
        return Process(self.company, self.opportunities)

    @cached_property
    def leads(self) -> Leads:
        """Leads."""
        return Leads(self.company, self.opportunities, self.clusters)

    @cached_property
    def marketing(self) -> Marketing:
        """Campaign ROI and attribution."""
        return Marketing(
            self.company,
            self.opportunities,
            self.leads,
            self.delivery,
            learnt=lambda model: self.journeys.shares("opportunities", model)[0],
        )

    @cached_property
    def commissions(self) -> Commissions:
        """Commissions."""
        return Commissions(self.company, self.opportunities, self.receivables, self.delivery)

    @cached_property
    def rolls(self) -> Rolls:
        """What became of open items."""
        return Rolls(self.company, self.receivables)

    @cached_property
    def statements(self) -> Statements:
        """Aging reports of the ERP beside the ledger."""
        return Statements(self.company, self.receivables)

    @cached_property
    def credit(self) -> Credit:
        """Exposure, payment behaviour and grades."""
        return Credit(self.company, self.receivables, self.delivery, self.rolls)

    @cached_property
    def cash(self) -> Cash:
        """What comes in."""
        return Cash(self.company, self.receivables, self.credit)

    @cached_property
    def alerts(self) -> Alerts:
        """Who is to be told of what."""
        return Alerts(self.company, self.receivables, self.rolls, self.credit)

    @cached_property
    def waterfall(self) -> Waterfall:
        """Movements of the pipeline."""
        return Waterfall(self.company, self.opportunities)

    @cached_property
    def delivery(self) -> Delivery:
        """Orders, deliveries and contracts."""
        return Delivery(self.company, self.receivables)

    @cached_property
    def contracts(self) -> Contracts:
        """Approvals and changes of contracts."""
        return Contracts(self.company, self.delivery)

    @cached_property
    def customers(self) -> Customers:
        """Segments, whitespace and changes of owner."""
        return Customers(self.company, self.opportunities, self.leads, self.delivery)

    @cached_property
    def journeys(self) -> Journeys:
        """What whole journeys teach about channels."""
        return Journeys(self.marketing, self.leads)

    @cached_property
    def desk(self) -> Desk:
        """First response, the public pool and the score."""
        return Desk(self.company, self.opportunities, self.leads)

    @cached_property
    def conflicts(self) -> Conflicts:
        """Customers whom two parties had at one time."""
        return Conflicts(self.company, self.process, self.desk)

    @cached_property
    def plan(self) -> Plan:
        """The marketing plan."""
        return Plan(self.marketing)

    @cached_property
    def demand(self) -> Demand:
        """Demand against stock."""
        return Demand(self.company, self.opportunities, self.delivery)


def _tuples(names: tuple[str, ...], rows: Mapping[Any, tuple[Any, ...]]) -> Rows:
    return {
        key if isinstance(key, tuple) else (key,): dict(zip(names, values, strict=True)) for key, values in rows.items()
    }


def _keyed(rows: Mapping[Any, dict[str, Any]]) -> Rows:
    return {(key,): figures for key, figures in rows.items()}


AGING = Mart(
    "receivables_aging",
    ("reporting_date", "basis", "account_id", "owner_id", "region", "product_line", "currency", "bucket"),
    ("amount", "document_amount", "disputed_amount"),
)
OPEN_ITEMS = Mart(
    "receivables_open_items",
    ("item_id",),
    (
        "document_kind",
        "document_id",
        "instalment_id",
        "account_id",
        "owner_id",
        "region",
        "issued_on",
        "due_on",
        "days_past_due",
        "currency",
        "document_amount",
        "document_balance_amount",
        "balance_amount",
        "bucket",
        "is_disputed",
    ),
)
KPIS = Mart(
    "receivables_kpis",
    ("reporting_date",),
    (
        "balance_amount",
        "unapplied_amount",
        "open_amount",
        "not_due_amount",
        "overdue_amount",
        "disputed_amount",
        "opening_amount",
        "credit_sales_amount",
        "year_sales_amount",
    ),
    ("overdue_rate", "dso", "dso_countback", "dso_best_possible", "average_days_delinquent", "cei", "turnover"),
)
FORECAST = Mart(
    "pipeline_forecast",
    ("reporting_date", "period", "level", "level_id"),
    (
        "won_deals",
        "open_deals",
        "won_amount",
        "open_amount",
        "open_weighted_amount",
        "omitted_amount",
        "stage_weighted_amount",
        "calibrated_amount",
        "commit_amount",
        "best_case_amount",
        "submitted_commit_amount",
        "quota_amount",
        "gap_amount",
    ),
    ("coverage",),
)
ACCURACY = Mart(
    "forecast_accuracy",
    ("period", "weeks_before_end", "method", "level", "level_id"),
    ("forecast_amount", "actual_amount", "error"),
    ("accuracy", "wape", "bias"),
)
COMMIT_HITS = Mart(
    "commit_hits",
    ("period", "weeks_before_end", "owner_id"),
    ("committed", "won", "lost", "missed", "committed_amount", "hit_amount"),
    ("hit_rate", "hit_low", "hit_high", "hit_rate_amount"),
)
DEMAND = Mart(
    "expected_demand", ("reporting_date", "month", "product_id"), ("expected_quantity", "opportunities"), schema="core"
)
CONVERSION_OF_STAGES = Mart(
    "stage_conversion",
    ("stage", "product_line"),
    ("entered", "advanced", "lost", "median_days", "p80_days"),
    ("conversion_rate", "conversion_low", "conversion_high"),
)
CONVERSION_OF_REPS = Mart(
    "stage_conversion_reps",
    ("stage", "owner_id"),
    ("entered", "advanced", "lost"),
    ("conversion_rate", "loss_rate", "loss_low", "loss_high", "company_loss_rate", "share_of_losses"),
)
STALLED = Mart(
    "stalled_opportunities",
    ("opportunity_id", "reason"),
    ("owner_id", "team", "amount", "stage", "close_on", "days_in_stage", "pushes", "last_activity_on", "tell_user_id"),
)
LOSSES = Mart("win_loss_reasons", ("quarter", "reason", "competitor"), ("opportunities", "amount"), ("share",))
FOLLOWUPS = Mart(
    "followups_to_win", ("bucket",), ("won", "lost", "open"), ("share_of_wins", "win_rate", "win_low", "win_high")
)
REGISTRATIONS = Mart(
    "registration_response",
    ("month", "team"),
    ("submitted", "decided", "approved", "waiting", "median_hours", "hours_sum", "conflicts", "lost_while_waiting"),
    ("approval_rate", "approval_low", "approval_high"),
)
WAITING = Mart(
    "registrations_waiting",
    ("registration_id",),
    ("days_waiting", "owner_id", "is_in_conflict", "is_lost_while_waiting", "tell_user_id"),
)
QUOTES = Mart(
    "quote_discipline",
    ("month", "owner_id", "product_line"),
    (
        "quotes",
        "list_amount",
        "quoted_amount",
        "below_floor",
        "decided",
        "approved",
        "hours_sum",
        "approval_hours",
        "ordered",
    ),
    ("discount_rate", "approval_rate", "order_rate", "order_low", "order_high"),
)
DISCOUNTS = Mart(
    "discount_win_rates",
    ("band", "product_line"),
    ("deals", "won", "lost", "open", "list_amount", "quoted_amount"),
    ("discount_rate", "win_rate", "win_low", "win_high"),
)
PERFORMANCE = Mart(
    "sales_performance",
    ("month", "owner_id", "product_id", "product_line", "industry", "source"),
    ("won", "lost", "won_amount", "lost_amount", "won_cycle_days_sum", "lost_cycle_days_sum", "activities"),
)
PERFORMANCE_LEVELS = Mart(
    "sales_performance_levels",
    ("month", "level", "level_id"),
    (
        "won",
        "lost",
        "won_amount",
        "lost_amount",
        "won_cycle_days_sum",
        "average_amount",
        "median_cycle_days",
        "velocity",
        "quota_amount",
    ),
    ("win_rate", "win_low", "win_high", "win_rate_amount", "quota_attainment"),
)
FUNNEL = Mart(
    "lead_funnel",
    ("month", "source", "channel", "product_line", "team"),
    ("created", "assigned", "responded", "qualified", "converted", "won", "lost", "disqualified"),
)
CONVERSION = Mart(
    "lead_conversion",
    ("grain", "cohort_month", "source", "product_line", "owner_id", "team", "method", "horizon_days"),
    ("observed", "converted", "won", "lost"),
    (
        "conversion_rate",
        "conversion_low",
        "conversion_high",
        "win_rate",
        "win_low",
        "win_high",
        "decided_win_rate",
        "decided_win_low",
        "decided_win_high",
    ),
)
_ADDITIVE = (
    "cost",
    "leads",
    "qualified_leads",
    "converted_leads",
    "won_leads",
    "lost_leads",
    "opportunities",
    "wins",
    "pipeline_amount",
    "booked_amount",
    "invoiced_amount",
    "collected_amount",
    "gross_margin_amount",
    "uncosted_amount",
)
_PER_RESULT = (
    "cost_per_lead",
    "cost_per_qualified_lead",
    "cost_per_opportunity",
    "cost_per_win",
    "claimed_conversions",
    "payback_on",
    "is_mature",
)
_ROI_RATES = (
    "roi_booked",
    "roas_booked",
    "roi_collected",
    "roas_collected",
    "gross_margin_roi",
    "lead_conversion_rate",
    "lead_conversion_low",
    "lead_conversion_high",
    "opportunity_conversion_rate",
    "opportunity_conversion_low",
    "opportunity_conversion_high",
    "win_rate",
    "win_low",
    "win_high",
)
CREDITS = Mart(
    "attribution_credits",
    ("opportunity_id", "touchpoint_id", "model"),
    (
        "channel",
        "campaign_id",
        "credit_share",
        "pipeline_amount",
        "booked_amount",
        "invoiced_amount",
        "collected_amount",
    ),
)
CHANNEL_ROI = Mart("channel_roi", ("channel", "month", "basis", "model"), _ADDITIVE + _PER_RESULT, _ROI_RATES)
CAMPAIGN_ROI = Mart(
    "campaign_roi",
    ("campaign_id", "channel", "model"),
    (*_ADDITIVE, *_PER_RESULT, "budget", "committed_amount", "expected_revenue_amount"),
    _ROI_RATES,
)
CAMPAIGN_MONTHS = Mart("campaign_roi_monthly", ("campaign_id", "channel", "month", "basis", "model"), _ADDITIVE)
CONTRACTS = Mart(
    "contract_execution",
    ("contract_id",),
    (
        "account_id",
        "signed_on",
        "approved_on",
        "suspended_on",
        "terminated_on",
        "contract_amount",
        "approved_amount",
        "ordered_amount",
        "shipped_amount",
        "delivered_amount",
        "returned_amount",
        "invoiced_amount",
        "collected_amount",
        "overdue_amount",
        "credited_amount",
        "to_bill_amount",
    ),
)
APPROVALS = Mart(
    "contract_approvals",
    ("approval_id",),
    (
        "contract_id",
        "account_id",
        "step",
        "approver_id",
        "requested_at",
        "due_at",
        "decided_at",
        "decision",
        "is_waiting",
        "is_late",
        "hours_waited",
    ),
)
CONTRACT_CHANGES = Mart(
    "contract_changes", ("contract_id", "moved_on", "kind", "amount_to_here"), ("account_id", "amount")
)
BATCHES = Mart("contract_batches", ("contract_id", "shipment_id"), BATCH_DAYS + BATCH_AMOUNTS)
LATE_LINES = Mart(
    "late_order_lines",
    ("order_line_id",),
    (
        "order_id",
        "account_id",
        "product_id",
        "product_line",
        "ordered_on",
        "promised_on",
        "completed_on",
        "days_late",
        "quantity",
        "promised_quantity",
        "backlog_quantity",
        "backlog_amount",
        "delay_reason",
    ),
)
RETURNS = Mart("order_returns", ("month", "product_line", "reason"), ("returns", "quantity", "amount"))

CHANGES = Mart("pipeline_changes", ("period", "moved_on", "opportunity_id", "step", "owner_id"), ("amount",), sums=True)
WATERFALL = Mart("pipeline_waterfall", ("grain", "period", "ends_on", "step", "owner_id"), ("amount", "opportunities"))
ROLL_RATES = Mart(
    "receivables_roll_rates",
    ("month", "from_bucket", "to_bucket"),
    ("items", "from_items", "amount", "from_amount"),
    ("rate",),
)
PROVISION = Mart(
    "provision_matrix",
    ("bucket",),
    (
        "base_items",
        "base_amount",
        "written_off_items",
        "written_off_amount",
        "items",
        "balance_amount",
        "provision_amount",
    ),
    ("loss_rate",),
)
PLANS = Mart(
    "collection_plan_status",
    ("instalment_id",),
    (
        "due_on",
        "planned_amount",
        "collected_amount",
        "credited_amount",
        "open_amount",
        "status",
        "settled_on",
        "days_late",
        "phase",
        "account_id",
        "owner_id",
        "method",
    ),
)
DIFFERENCES = Mart(
    "aging_differences",
    ("stated_on", "account_id", "document_id", "level"),
    ("finding", "stated_amount", "our_amount", "difference", "rows_amount"),
)
CREDIT = Mart(
    "customer_credit",
    ("reporting_date", "account_id"),
    (
        "owner_id",
        "open_order_amount",
        "delivered_not_invoiced_amount",
        "invoiced_amount",
        "overdue_amount",
        "unapplied_amount",
        "exposure_amount",
        "limit_amount",
        "is_limit_estimated",
        "free_amount",
        "disputed_amount",
        "settled_invoices",
        "settled_amount",
        "broken_promises",
        "grade",
        "previous_grade",
        "better_grade",
        "lacking_days",
        "lacking_on_time_rate",
        "lacking_overdue_rate",
        "reason",
        "revenue_12m_amount",
        "is_high_value",
        "is_high_credit",
    ),
    ("days_beyond_terms", "on_time_rate", "overdue_rate"),
)
CASH = Mart(
    "cash_forecast",
    ("week",),
    (
        "week_number",
        "week_ends_on",
        "due_amount",
        "overdue_amount",
        "expected_amount",
        "expected_overdue_amount",
        "p10",
        "p50",
        "p90",
    ),
)
CASH_ACCURACY = Mart(
    "cash_forecast_accuracy",
    ("cash_date", "week_number"),
    ("week", "forecast_amount", "due_day_amount", "actual_amount", "error", "due_day_error", "p10", "p50", "p90"),
)
EVALUATIONS = Mart(
    "alert_evaluations", ("alert_id",), ("kind", "level", "entity_id", "day", "value", "threshold", "is_fired")
)
ALERTS = Mart(
    "alerts",
    ("alert_id",),
    (
        "kind",
        "level",
        "severity",
        "raised_on",
        "owner_id",
        "tell",
        "tell_user_id",
        "entity_id",
        "document_id",
        "account_id",
        "amount",
        "value",
        "threshold",
        "is_highest_level",
    ),
)
COMMISSIONS = Mart(
    "commission_lines",
    ("owner_id", "through_owner_id", "moved_on", "kind", "order_line_id"),
    ("amount",),
    sums=True,
)
STATEMENTS = Mart(
    "commission_statements",
    ("owner_id", "month"),
    ("opening", "accrued", "payable", "bonus_interest", "penalty_interest", "clawback", "paid", "closing"),
)
SHADOW = Mart("commission_shadow", ("owner_id", "month", "plan_id"), ("amount", "actual_amount", "difference"))
LIABILITY = Mart(
    "commission_liability",
    ("reporting_date", "owner_id"),
    ("not_yet_payable", "payable", "open_orders", "receivables", "pipeline"),
)
ORDERS = Mart(
    "order_delivery",
    ("month", "product_line"),
    ("lines_due", "on_time_in_full_lines", "orders_due", "otif_orders", "median_lead_days", "backlog_amount"),
    ("otif_rate",),
)
STOCK = Mart(
    "demand_vs_inventory",
    ("product_id", "month"),
    (
        "counted_on",
        "on_hand_quantity",
        "backlog_quantity",
        "forecast_quantity",
        "incoming_quantity",
        "available_quantity",
        "projected_quantity",
        "shortage_quantity",
        "excess_amount",
    ),
    ("days_of_cover",),
)
DEMAND_ACCURACY = Mart(
    "demand_accuracy",
    ("period", "method", "level", "level_id"),
    ("forecast_quantity", "actual_quantity", "error", "absolute_error"),
    ("wape", "bias"),
)
POLICIES = Mart(
    "stock_by_policy",
    ("month", "policy", "product_id"),
    ("target_quantity", "shipped_quantity", "stock_quantity", "shortage_quantity", "stock_amount"),
)

SEGMENTS = Mart(
    "account_segments",
    ("account_id",),
    (
        "account_type",
        "industry",
        "size",
        "owner_id",
        "status",
        "abc",
        "rfm",
        "orders",
        "is_one_time_buyer",
        "first_order_on",
        "last_order_on",
        "revenue_amount",
        "revenue_12m_amount",
        "dormant_amount",
        "whitespace_lines",
        "last_followup_on",
        "is_without_followup",
    ),
)
WHITESPACE = Mart(
    "account_whitespace",
    ("account_id", "product_line"),
    ("industry", "size", "peers", "peers_buying", "peer_median_amount"),
    ("peer_share", "peer_share_low", "peer_share_high"),
)
OWNER_CHANGES = Mart(
    "account_owner_changes",
    ("account_id", "changed_on"),
    (
        "old_owner_id",
        "owner_id",
        "is_observed",
        "orders_before",
        "orders_after",
        "was_buying",
        "has_stopped",
        "revenue_before_amount",
        "revenue_after_amount",
        "lost_revenue_amount",
        "lost_opportunities",
        "lost_opportunity_amount",
    ),
)
OWNER_EFFECT = Mart(
    "owner_change_effect",
    ("cohort",),
    ("changes", "customers", "stopped", "decided", "lost", "revenue_before_amount", "revenue_after_amount"),
    (
        "stopped_rate",
        "stopped_low",
        "stopped_high",
        "lost_rate",
        "lost_low",
        "lost_high",
        "revenue_kept_rate",
        "revenue_kept_low",
        "revenue_kept_high",
    ),
)
LEARNT_CHANNELS = Mart(
    "attribution_channels",
    ("path_source", "model", "channel"),
    ("value_amount",),
    ("conversions", "removal_effect"),
    where="model in ('markov', 'shapley') and channel <> 'unattributed'",
)
_ANSWERED = ("leads", "responded", "waiting", "within_hour", "counted", "within_working_hour", "counted_working")
_ANSWER_RATES = (
    "median_hours",
    "p90_hours",
    "within_hour_rate",
    "within_hour_low",
    "within_hour_high",
    "within_working_hour_rate",
    "within_working_hour_low",
    "within_working_hour_high",
)
RESPONSE = Mart("lead_response", ("grain", "month", "owner_id", "source"), _ANSWERED, _ANSWER_RATES)
RESPONSE_HOURS = Mart("lead_response_hours", ("hour_of_day", "source"), _ANSWERED, _ANSWER_RATES)
RESPONSE_EFFECT = Mart(
    "lead_response_effect",
    ("bucket", "horizon_days"),
    ("leads", "converted"),
    ("conversion_rate", "conversion_low", "conversion_high"),
)
POOL_DUE = Mart(
    "lead_pool_due",
    ("lead_id",),
    (
        "business_unit",
        "grade",
        "owner_id",
        "rule",
        "claimed_on",
        "last_active_on",
        "ends_on",
        "days_left",
        "latest_end_on",
        "is_final",
    ),
)
POOL = Mart(
    "lead_pool",
    ("entity_kind", "business_unit", "rule", "month"),
    (
        "recycled",
        "claimed",
        "median_days_in_pool",
        "won_after",
        "due_next_7_days",
        "over_cap",
        "exported_recycled",
    ),
)
LEAD_SCORES = Mart(
    "lead_scores",
    ("lead_id",),
    ("created_on", "source", "product_line", "owner_id", "score", "learnt_score", "rule_points", "priority", "reasons"),
    ("conversion_probability",),
)
SCORES = Mart(
    "lead_score_quality",
    ("cut_on",),
    ("leads", "converted", "top_fifth_leads", "top_fifth_converted"),
    ("auc", "top_fifth_lift"),
)
CONFLICTS = Mart(
    "account_conflicts",
    ("customer_id", "kind", "first_claim", "first_claim_id", "second_claim", "second_claim_id"),
    (
        "account_id",
        "cluster_id",
        "first_owner_id",
        "second_owner_id",
        "first_partner_id",
        "second_partner_id",
        "first_registration_id",
        "second_registration_id",
        "first_at",
        "second_at",
        "overlaps_from_on",
        "overlaps_until_on",
        "is_standing",
        "amount",
    ),
)
CAMPAIGN_PLAN = Mart(
    "campaign_plan",
    ("campaign_id",),
    (
        "parent_campaign_id",
        "level",
        "budget",
        "committed_amount",
        "spent",
        "forecast_cost",
        "variance_amount",
        "expected_revenue_amount",
        "booked_amount",
        "expected_leads",
        "leads",
    ),
)

CALCULATIONS: dict[Mart, Callable[[Oracle], Rows]] = {
    AGING: lambda oracle: _tuples(AGING.figures, oracle.receivables.aging()),
    OPEN_ITEMS: lambda oracle: _tuples(OPEN_ITEMS.figures, oracle.receivables.open_items_mart()),
    KPIS: lambda oracle: _keyed(oracle.receivables.kpis()),
    FORECAST: lambda oracle: oracle.forecasts.forecast(),
    ACCURACY: lambda oracle: oracle.forecasts.accuracy(),
    COMMIT_HITS: lambda oracle: oracle.forecasts.commit_hits(),
    DEMAND: lambda oracle: oracle.forecasts.demand(),
    CONVERSION_OF_STAGES: lambda oracle: oracle.process.stage_conversion(),
    CONVERSION_OF_REPS: lambda oracle: oracle.process.stage_conversion_reps(),
    STALLED: lambda oracle: oracle.process.stalled(),
    LOSSES: lambda oracle: oracle.process.win_loss_reasons(),
    FOLLOWUPS: lambda oracle: oracle.process.followups(),
    REGISTRATIONS: lambda oracle: oracle.process.registrations(),
    WAITING: lambda oracle: oracle.process.waiting(),
    QUOTES: lambda oracle: oracle.process.quotes(),
    DISCOUNTS: lambda oracle: oracle.process.discounts(),
    PERFORMANCE: lambda oracle: oracle.opportunities.performance(),
    PERFORMANCE_LEVELS: lambda oracle: oracle.opportunities.performance_levels(),
    FUNNEL: lambda oracle: oracle.leads.funnel(),
    CONVERSION: lambda oracle: oracle.leads.conversion(),
    CHANNEL_ROI: lambda oracle: oracle.marketing.channel_roi(),
    CAMPAIGN_ROI: lambda oracle: oracle.marketing.campaign_roi(),
    CAMPAIGN_MONTHS: lambda oracle: oracle.marketing.campaign_roi_monthly(),
    CREDITS: lambda oracle: oracle.marketing.attribution_credits(),
    CHANGES: lambda oracle: oracle.waterfall.changes(),
    WATERFALL: lambda oracle: oracle.waterfall.steps(),
    ROLL_RATES: lambda oracle: oracle.rolls.roll_rates(),
    PROVISION: lambda oracle: _keyed(oracle.rolls.provision()),
    PLANS: lambda oracle: _keyed(oracle.rolls.plans()),
    DIFFERENCES: lambda oracle: oracle.statements.differences(),
    CREDIT: lambda oracle: oracle.credit.customers,
    CASH: lambda oracle: _keyed(oracle.cash.forecast()),
    CASH_ACCURACY: lambda oracle: oracle.cash.accuracy(),
    EVALUATIONS: lambda oracle: _keyed(oracle.alerts.evaluations()),
    ALERTS: lambda oracle: _keyed(oracle.alerts.alerts()),
    COMMISSIONS: lambda oracle: oracle.commissions.lines(),
    STATEMENTS: lambda oracle: oracle.commissions.statements(),
    SHADOW: lambda oracle: oracle.commissions.shadow(),
    LIABILITY: lambda oracle: oracle.commissions.liability(),
    CONTRACTS: lambda oracle: _keyed(oracle.delivery.contract_execution()),
    APPROVALS: lambda oracle: oracle.contracts.approvals(),
    CONTRACT_CHANGES: lambda oracle: oracle.contracts.changes(),
    BATCHES: lambda oracle: oracle.delivery.contract_batches(),
    LATE_LINES: lambda oracle: _keyed(late_order_lines(oracle.delivery, oracle.company)),
    RETURNS: lambda oracle: oracle.delivery.order_returns(),
    ORDERS: lambda oracle: order_delivery(oracle.delivery, oracle.company),
    STOCK: lambda oracle: oracle.demand.against_stock(),
    DEMAND_ACCURACY: lambda oracle: oracle.demand.accuracy(),
    POLICIES: lambda oracle: oracle.demand.stock_by_policy(),
    SEGMENTS: lambda oracle: _keyed(oracle.customers.segments()),
    WHITESPACE: lambda oracle: oracle.customers.whitespace(),
    OWNER_CHANGES: lambda oracle: oracle.customers.owner_changes(),
    OWNER_EFFECT: lambda oracle: _keyed(oracle.customers.owner_effect()),
    LEARNT_CHANNELS: lambda oracle: oracle.journeys.channels(),
    RESPONSE: lambda oracle: oracle.desk.response(),
    RESPONSE_HOURS: lambda oracle: oracle.desk.response_hours(),
    RESPONSE_EFFECT: lambda oracle: oracle.desk.response_effect(),
    POOL_DUE: lambda oracle: _keyed(oracle.desk.pool_due()),
    POOL: lambda oracle: oracle.desk.pool(),
    LEAD_SCORES: lambda oracle: _keyed(oracle.desk.scores()),
    SCORES: lambda oracle: _keyed(oracle.desk.score_quality()),
    CONFLICTS: lambda oracle: oracle.conflicts.conflicts(),
    CAMPAIGN_PLAN: lambda oracle: _keyed(oracle.plan.nodes()),
}
