"""What the terms on the pages mean, in the language in use: help beside a figure, and a list on the Data page."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.words import _, markdown


@dataclass(frozen=True)
class Definition:
    """A term, what it means, and the page that uses it."""

    term: str
    meaning: str
    page: str


def sales_definitions() -> dict[str, Definition]:
    """Give the terms of the pages about what changed, how right forecasts were, deals and people."""
    changed = _("What changed")
    return {
        "created": Definition(
            _("New"),
            _("Deals created in the span, with their amount at the end of the first day, and deals opened again."),
            changed,
        ),
        "resized": Definition(
            _("Grown or shrunk"),
            _("Changes of amount, and of the exchange rate for deals in another currency."),
            changed,
        ),
        "moved": Definition(
            _("Dates moved"),
            _("Deals whose expected close date came into the period, less those whose date left it."),
            changed,
        ),
        "won_step": Definition(
            _("Won out of it"), _("Deals of the period that were won, with what they stood at on that day."), changed
        ),
        "dropped": Definition(
            _("Lost or dropped"), _("Deals lost, left out of the forecast, or deleted in the source."), changed
        ),
        "landing": Definition(
            _("Landing"),
            _(
                "What the period will bring as likely as not: won, each open deal with the chance that such deals had, "
                "and new business as in earlier periods."
            ),
            _("Forecast"),
        ),
        "wape": Definition(
            _("Off by"),
            _("Sum of the errors without their sign ÷ sum of what came, over all ended periods. 0 % is always right."),
            _("Accuracy"),
        ),
        "bias": Definition(
            _("Bias"),
            _("Sum of the errors with their sign ÷ sum of what came. Above 0 % is too much forecast."),
            _("Accuracy"),
        ),
        "commit_kept": Definition(
            _("Commit kept"),
            _(
                "Deals that stood in category commit for a period so many weeks before its end, and were won in it "
                "÷ all deals that stood so. Owners are those of that day."
            ),
            _("Accuracy"),
        ),
        "to_look_at": Definition(
            _("To look at"),
            _(
                "Open deals longer in their stage than expected or than most won deals, without recent activity, past "
                "their close date, or without what their stage requires."
            ),
            _("Deals to look at"),
        ),
        "win_rate": Definition(_("Win rate"), _("Won deals ÷ (won + lost) deals. Open deals do not count."), _("Team")),
        "velocity": Definition(
            _("Velocity"),
            _(
                "Deals closed in a month × win rate × average won deal ÷ days to win: "
                "money that a day of selling brings."
            ),
            _("Team"),
        ),
        "discount": Definition(
            _("Discount"),
            _("1 − quoted ÷ list price, weighted by amount. A deal's discount is that of its last quotes."),
            _("Team"),
        ),
    }


def collection_definitions() -> dict[str, Definition]:
    """Give the terms of the pages about collections and credit."""
    collections, credit = _("Collections"), _("Credit")
    return {
        "call": Definition(
            _("Whom to call"),
            _(
                "Customers with a document past the first dunning level or due today, a missed instalment or a broken "
                "promise. Levels and whom they tell stand in dunning_levels.csv."
            ),
            collections,
        ),
        "alert_value": Definition(
            _("Found and threshold"),
            _(
                "What the rule looked at: days past due, days an instalment is late, or what came of a promise against "
                "what was promised."
            ),
            collections,
        ),
        "cash": Definition(
            _("Expected cash"),
            _(
                "Each open item times its chance to be paid in the week, from how late its payer paid before "
                "(customers of its size under 5 payments). 8 of 10 weeks should fall into the range."
            ),
            collections,
        ),
        "instalment": Definition(
            _("Missed instalment"),
            _("Past its due day and not covered by payments and credit notes; what is still open of it counts."),
            collections,
        ),
        "promise": Definition(
            _("Broken promise"),
            _("Less was applied between the promise and its day than promised; known the day after."),
            collections,
        ),
        "exposure": Definition(
            _("Exposure"),
            _(
                "Open orders + delivered and not invoiced + open invoices − money not applied. A delivery counts once; "
                "orders and deliveries are net, invoices gross of tax."
            ),
            credit,
        ),
        "limit": Definition(
            _("Free within the limit"),
            _("Limit on that day − exposure; below zero the limit is exceeded."),
            credit,
        ),
        "days_beyond_terms": Definition(
            _("Days beyond terms"),
            _("Days after the due day, weighted by amount, of what was settled in 365 days; early payments count 0."),
            credit,
        ),
        "on_time": Definition(
            _("Paid on time"), _("Share of the amount settled in 365 days that came by its due day."), credit
        ),
        "grade": Definition(
            _("Grade"),
            _(
                "The best grade of credit_grades.csv whose thresholds for days beyond terms, share on time and overdue "
                "share all hold; under 3 settled invoices there is none."
            ),
            credit,
        ),
        "high_value": Definition(
            _("High value"),
            _("One of the customers who, largest first, make up 80 % of the net revenue of 12 months."),
            credit,
        ),
    }


def commission_definitions() -> dict[str, Definition]:
    """Give the terms of the page about commissions."""
    commissions = _("Commissions")
    return {
        "commission_owed": Definition(
            _("Owed"),
            _(
                "Everything earned, interest and what was taken back included, less what was paid out. It holds what "
                "is not payable yet, and stands below zero where more was paid than earned."
            ),
            commissions,
        ),
        "commission_earned": Definition(
            _("Earned"),
            _(
                "Commission for goods that reached the end customer, for money applied to invoices, or for the orders "
                "of a period, as the plan's mode says; corrections for changed plans and minimums included."
            ),
            commissions,
        ),
        "commission_payable": Definition(
            _("Became payable"),
            _(
                "A memo, not part of the sum: what was earned and need not wait for the goods to reach the end "
                "customer."
            ),
            commissions,
        ),
        "commission_interest": Definition(
            _("Interest"),
            _(
                "Net money × annual rate × days ÷ 365: earned for money before its due day, charged for money after "
                "the grace days, up to the plan's share of the batch's commission."
            ),
            commissions,
        ),
        "commission_clawback": Definition(
            _("Taken back"),
            _(
                "At the rate at which it was earned: for returns, credit notes without a return and write-offs where "
                "the plan pays by delivery or order, for refunds where it pays by money received."
            ),
            commissions,
        ),
        "commission_base": Definition(
            _("Base"),
            _(
                "What the rate was applied to, net of tax and the owner's share: revenue, margin or money received; "
                "of interest the money, of a minimum what the period had earned."
            ),
            commissions,
        ),
    }


def lead_definitions() -> dict[str, Definition]:
    """Give the terms of the pages about leads by their keys."""
    leads, desk = _("Leads"), _("Lead desk")
    return {
        "to_date": Definition(
            _("So far"),
            _("What had come of the leads by the as-of day. Young leads are yet to decide: it is not the final rate."),
            leads,
        ),
        "incidence": Definition(
            _("Will come to"),
            _(
                "Share of leads that will have become it within so many days, each lead counted for as long as it was "
                "observed (one minus the product-limit estimate), with its 95 % interval."
            ),
            leads,
        ),
        "observed": Definition(
            _("Within so many days"),
            _("Over leads created at least so many days before the as-of day, whatever came of them later."),
            leads,
        ),
        "first_response": Definition(
            _("First answer"),
            _("Median hours to the first outgoing contact by a person, by the clock; automatic answers do not count."),
            leads,
        ),
        "waiting": Definition(
            _("Wait for an answer"), _("Undecided leads that no person has called or written to yet."), desk
        ),
        "within_hour": Definition(
            _("Within an hour"),
            _(
                "Answered by the clock, and in working hours as holidays and working_hours.csv have them. Leads that "
                "have waited for over an hour count as not answered."
            ),
            desk,
        ),
        "pool_due": Definition(
            _("Back to the pool"),
            _(
                "Leads whose protection ends within 7 days by pool_rules.csv: days after the claim, extended by each "
                "outgoing activity up to a maximum."
            ),
            desk,
        ),
        "pool_rules": Definition(
            _("Into the pool"),
            _("Claims whose protection ran out, by the rules replayed on what happened."),
            desk,
        ),
        "priority": Definition(
            _("Priority"),
            _(
                "Fifths of the open leads by score: how much likelier leads with such attributes came to an "
                "opportunity, learnt from decided ones only, plus the points of lead_priority_rules.csv. 1 is first."
            ),
            desk,
        ),
        "chance": Definition(
            _("Chance"),
            _("What share of leads with a score like this came to an opportunity, on leads the score had not seen."),
            desk,
        ),
        "repeated": Definition(
            _("Repeated leads"),
            _("Leads of a person who has another one: matched by company, person, telephone, e-mail and project."),
            desk,
        ),
        "survivor": Definition(
            _("Stands for it"), _("The earliest lead of the group: where leads are counted, it alone counts."), desk
        ),
        "sure": Definition(
            _("Sure to"),
            _("Probability that the lead is the same person's as the others of its group; groups need 95 %."),
            desk,
        ),
    }


def customer_definitions() -> dict[str, Definition]:
    """Give the terms of the page about customers by their keys."""
    customers = _("Customers")
    return {
        "status": Definition(
            _("Status"),
            _(
                "By days since the last order, as segments.csv has it: active, dormant, left; a prospect has not "
                "bought."
            ),
            customers,
        ),
        "abc": Definition(
            _("Class"),
            _("By 12-month revenue: A are the largest who together make up 80 %, B the next 15 %, C the rest."),
            customers,
        ),
        "rfm": Definition(
            "RFM",
            _("Fifths of the customers by last order, number of orders and revenue; 555 is best."),
            customers,
        ),
        "revenue_12m": Definition(
            _("Revenue, 12 months"), _("Invoices − credit notes of the last 365 days, net of tax."), customers
        ),
        "dormant": Definition(
            _("Dormant value"),
            _("Net revenue of dormant and left customers in the 365 days to their last invoice."),
            customers,
        ),
        "one_time": Definition(_("Bought once"), _("Customers with exactly one order so far."), customers),
        "without_followup": Definition(
            _("Without follow-up"),
            _(
                "No outgoing activity by a person on the account, its leads or deals for 90 days, counted from its "
                "creation where there never was one."
            ),
            customers,
        ),
        "whitespace": Definition(
            _("Lack what others buy"),
            _("Product lines that at least 30 % of the customers of the same industry and size buy, and this one not."),
            customers,
        ),
        "surely": Definition(
            _("At least"), _("Lower end of that share's 95 % interval: what few others buy proves little."), customers
        ),
        "conflict": Definition(
            _("In conflict"),
            _(
                "Customers whom two owners, two partners, or direct sales and a partner have at one time, by leads, "
                "registrations or open deals."
            ),
            customers,
        ),
        "effect": Definition(
            _("Owner changed"),
            _(
                "Accounts that ordered in the 180 days before. Those whose owner stayed are looked at on the days of "
                "the changes, dealt out among them in turn."
            ),
            customers,
        ),
        "revenue_kept": Definition(
            _("Revenue kept"), _("Net revenue of the 180 days after ÷ that of the 180 days before."), customers
        ),
        "lost_revenue": Definition(
            _("Less than before"),
            _("What the 180 days after brought in less than the 180 days before, at least 0."),
            customers,
        ),
    }


def marketing_definitions() -> dict[str, Definition]:
    """Give the terms of attribution and of the plan by their keys."""
    returns, attribution, plan = _("Campaign ROI"), _("Attribution"), _("Marketing plan")
    return {
        "invoiced": Definition(
            _("Invoiced"),
            _("Net amount of the invoices of the credited deals, on the day of issue, before credit notes."),
            returns,
        ),
        "collected": Definition(
            _("Cash collected"),
            _("Money received for those invoices, net of tax, on the day it was applied."),
            returns,
        ),
        "gross_margin": Definition(
            _("Gross margin"),
            _("Net amount of the credited deals' order lines − their cost, over lines whose cost is known."),
            returns,
        ),
        "depth": Definition(
            _("Return in"),
            _("Which revenue the returns count: won deals, their invoices, or the money received for these."),
            returns,
        ),
        "roi_cash": Definition(_("ROI in cash"), _("(cash collected − spend) ÷ spend."), returns),
        "basis_roi": Definition(
            _("Compare by"),
            _(
                "Month: spend of the months against what is dated in them. Cohort: spend of the months against all "
                "that came since then of the leads and deals that began in them."
            ),
            returns,
        ),
        "mature": Definition(
            _("Mature"),
            _(
                "The months have had the days within which nine of ten won leads of the channel were won; until then "
                "a cohort's return still grows."
            ),
            returns,
        ),
        "payback": Definition(
            _("Paid back on"), _("First day on which the cash collected covered the spend, over all months."), returns
        ),
        "conversions": Definition(
            _("Conversions"), _("Won deals, or what the exported paths call conversions."), attribution
        ),
        "conversion_value": Definition(
            _("Their value"), _("Net amount of those deals, or as exported with the paths."), attribution
        ),
        "untouched": Definition(
            _("Without a touch"),
            _("Won deals of which neither a touch nor a source of their own is known."),
            attribution,
        ),
        "dispute": Definition(
            _("Channels in dispute"),
            _("The model that gives most gives at least one and a half times what the one that gives least does."),
            attribution,
        ),
        "removal_effect": Definition(
            _("Lost without it"),
            _(
                "Share of the conversions that would be lost if every journey ended where it reaches this channel, by "
                "a Markov chain of all won and lost journeys."
            ),
            attribution,
        ),
        "budget": Definition(
            _("Budget"), _("Planned cost of the branch: as stated, else the sum of what stands below it."), plan
        ),
        "committed": Definition(_("Committed"), _("Cost ordered or contracted already."), plan),
        "forecast_cost": Definition(
            _("Expected to the end"),
            _("Spent so far, and the rest of the budget by the days still to come; not less than what is committed."),
            plan,
        ),
        "variance": Definition(_("Over (+) or under (−)"), _("Expected to the end − budget."), plan),
        "plan_booked": Definition(
            _("Booked revenue of the branch"),
            _("Net amount of won deals, credited evenly to the touches of their campaigns (linear)."),
            plan,
        ),
    }


def delivery_definitions() -> dict[str, Definition]:
    """Give the terms of the page about orders."""
    orders = _("Orders")
    return {
        "otif": Definition(
            _("On time and in full"),
            _(
                "Order lines of which all that was ordered had arrived by the promised day ÷ lines whose promised day "
                "has passed. No rounding: a line short by one piece is not complete."
            ),
            orders,
        ),
        "lines_due": Definition(
            _("Lines due"), _("Order lines whose promised day has passed; cancelled ones are left out."), orders
        ),
        "late_lines": Definition(
            _("Late and open"), _("Order lines past their promised day of which something has not arrived."), orders
        ),
        "backlog": Definition(_("Still to ship"), _("Net amount of what is ordered and not shipped."), orders),
        "to_bill": Definition(
            _("To bill"),
            _(
                "Delivered − returned − billed, where credit notes for returns lower what was billed. Below zero more "
                "was billed than delivered."
            ),
            orders,
        ),
        "projected": Definition(
            _("Left then"),
            _("In stock + on its way − ordered − expected, at the end of the months shown; below zero it is missing."),
            orders,
        ),
        "days_of_cover": Definition(
            _("Days of cover"),
            _("How many days what is there this month lasts at this month's demand a day; empty without demand."),
            orders,
        ),
        "excess": Definition(
            _("Too much, at cost"),
            _("What is left at the end of the months shown × today's cost of one unit."),
            orders,
        ),
        "hours_waited": Definition(
            _("Hours waited"),
            _("Hours by the clock from the request to the decision, to the end of the day shown while there is none."),
            orders,
        ),
    }


def definitions() -> dict[str, Definition]:
    """Give every term by its key, in the order in which the Data page lists them."""
    marketing, sales, finance = _("Campaign ROI"), _("Forecast"), _("Receivables")
    return {
        "cost": Definition(
            _("Spend"), _("Media, agency fees, events and other cost dated in the months shown, net of tax."), marketing
        ),
        "booked": Definition(
            _("Booked revenue"),
            _(
                "Net amount of the deals won in the months shown, credited to the channels that touched them by the "
                "model chosen."
            ),
            marketing,
        ),
        "roi": Definition(
            _("ROI"),
            _(
                "(booked revenue − spend) ÷ spend. 0 % means that the money came back once; below that it was not "
                "earned back."
            ),
            marketing,
        ),
        "roas": Definition(_("Return per unit spent"), _("Booked revenue ÷ spend."), marketing),
        "cost_per_win": Definition(
            _("Cost per won deal"),
            _("Spend ÷ won deals. A deal that several channels touched counts in parts, which add up to one."),
            marketing,
        ),
        "model": Definition(
            _("Attribution model"),
            _(
                "Who gets the credit for a won deal: its first touch, its last touch, or its touches in shares, "
                "equal ones with linear."
            ),
            marketing,
        ),
        "won": Definition(_("Won"), _("Net amount of the deals won in the period up to the as-of day."), sales),
        "commit": Definition(
            _("Commit forecast"), _("Won, and the open deals of the period that their owners have committed to."), sales
        ),
        "best_case": Definition(_("Best case"), _("The commit forecast and the open deals called best case."), sales),
        "stage_weighted": Definition(
            _("Stage-weighted forecast"),
            _("Won, and each open deal of the period times the probability of its stage."),
            sales,
        ),
        "gap": Definition(
            _("Gap to quota"),
            _("Quota − won: what is still to be closed. A minus sign means the quota is passed."),
            sales,
        ),
        "coverage": Definition(_("Coverage of the gap"), _("Open deals of the period ÷ (quota − won)."), sales),
        **sales_definitions(),
        **marketing_definitions(),
        **lead_definitions(),
        **customer_definitions(),
        "lead_to_win": Definition(
            _("Leads won to date"),
            _(
                "Leads won so far ÷ leads created in the same months. Young leads have not had their time yet, so "
                "this is not a final rate."
            ),
            _("Overview"),
        ),
        "balance": Definition(
            _("Open receivables"),
            _(
                "Everything invoiced, less what was credited, paid, written off or received without naming an "
                "invoice. Gross of tax."
            ),
            finance,
        ),
        "overdue_rate": Definition(
            _("Overdue share"), _("Overdue items ÷ all positive open items. An item due today is not overdue."), finance
        ),
        "dso": Definition(
            _("Days sales outstanding"),
            _(
                "Ledger balance ÷ credit sales of the last 90 days × 90. Credit sales are invoices less credit "
                "notes, gross of tax."
            ),
            finance,
        ),
        "dso_best": Definition(
            _("Best possible"),
            _("The same days if nothing were overdue: items not yet due ÷ credit sales of the last 90 days × 90."),
            finance,
        ),
        "unapplied": Definition(
            _("Unapplied money"),
            _(
                "Payments and credits received that name no open invoice. They lower the total, and stand apart from "
                "the age groups."
            ),
            finance,
        ),
        "basis": Definition(
            _("Age by"),
            _(
                "Due date counts the days since an item was due; invoice date counts the days since it was issued. "
                "The totals are equal."
            ),
            finance,
        ),
        "cei": Definition(
            _("Collection effectiveness"),
            _(
                "(balance 90 days ago + credit sales − balance now) ÷ (balance 90 days ago + credit sales − what is "
                "not due now): how much of what could be collected was."
            ),
            finance,
        ),
        **collection_definitions(),
        **commission_definitions(),
        **delivery_definitions(),
    }


def define(key: str) -> str:
    """Give the meaning of a term, escaped for use as help."""
    return markdown(definitions()[key].meaning)
