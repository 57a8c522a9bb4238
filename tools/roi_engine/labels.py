"""Every key of a report in English and Arabic: drivers, lines, units, scenarios, charts, and the reasons for a gap."""

from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.roi import RoiRisk
from partnership_os.schemas.roi_report import Reason, Unavailable

__all__ = ["label_of", "reason_text"]

_LABELS: dict[str, tuple[str, str]] = {
    # drivers
    "accounts_per_year": ("Accounts reached a year", "عدد الحسابات التي يصل إليها الشريك سنويًا"),
    "win_rate": ("Win rate", "نسبة الفوز بالصفقات"),
    "average_deal_value": ("Average deal value", "متوسط قيمة الصفقة"),
    "ramp_months": ("Months until full reach", "عدد الأشهر حتى بلوغ كامل الوصول"),
    "monthly_churn": ("Customers lost a month", "نسبة العملاء المفقودين شهريًا"),
    "cogs_share": ("Cost of goods sold", "نسبة تكلفة المبيعات"),
    "commission_share": ("Commission or revenue share", "نسبة العمولة أو حصة الإيراد"),
    "commission_months": ("Months for which commission is paid", "عدد أشهر استحقاق العمولة"),
    "discount_share": ("Partner discount", "نسبة خصم الشريك"),
    "mdf_per_year": ("Market development funds a year", "مخصصات تطوير السوق سنويًا"),
    "enablement_cost": ("Enablement, once", "تكلفة التمكين لمرة واحدة"),
    "support_cost_per_year": ("Direct support a year", "تكلفة الدعم المباشر سنويًا"),
    "manager_hours_per_month": ("Partner manager hours a month", "ساعات مدير الشراكة شهريًا"),
    "manager_hourly_cost": ("Cost of a partner manager's hour", "تكلفة ساعة مدير الشراكة"),
    "discount_rate": ("Discount rate", "معدل الخصم"),
    "partner_sales_cost_per_year": ("Partner's cost of selling a year", "تكلفة المبيعات لدى الشريك سنويًا"),
    "partner_marketing_per_year": ("Partner's marketing a year", "تكلفة التسويق لدى الشريك سنويًا"),
    "partner_enablement_cost": ("Partner's enablement, once", "تكلفة التمكين لدى الشريك لمرة واحدة"),
    "partner_investment": ("Partner's investment", "استثمار الشريك"),
    "partner_discount_rate": ("Partner's discount rate", "معدل الخصم لدى الشريك"),
    # lines
    "net_revenue": ("Net revenue", "صافي الإيراد"),
    "cogs": ("Cost of goods sold", "تكلفة المبيعات"),
    "commission": ("Commission", "العمولة"),
    "partner_discount": ("Partner discount", "خصم الشريك"),
    "mdf": ("Market development funds", "مخصصات تطوير السوق"),
    "enablement": ("Enablement", "التمكين"),
    "direct_support": ("Direct support", "الدعم المباشر"),
    "manager_cost": ("Partner manager", "تكلفة مدير الشراكة"),
    "investment": ("Our investment", "استثمارنا"),
    "commission_income": ("Commission income", "دخل العمولة"),
    "resale_margin": ("Margin from our discount", "الهامش الناتج عن خصمنا"),
    "mdf_income": ("Market development funds received", "مخصصات تطوير السوق المستلمة"),
    "partner_sales_cost": ("Partner's cost of selling", "تكلفة المبيعات لدى الشريك"),
    "partner_marketing": ("Partner's marketing", "تكلفة التسويق لدى الشريك"),
    "partner_enablement": ("Partner's enablement", "تكلفة التمكين لدى الشريك"),
    # measures
    "total_cost": ("All costs", "إجمالي التكاليف"),
    "contribution_margin": ("Contribution margin", "هامش المساهمة"),
    "contribution_margin_share": ("Contribution margin, share of revenue", "هامش المساهمة كنسبة من الإيراد"),
    "npv": ("Net present value", "صافي القيمة الحالية"),
    "npv_before_risks": ("Net present value before risks", "صافي القيمة الحالية قبل المخاطر"),
    "irr": ("Internal rate of return a year", "معدل العائد الداخلي السنوي"),
    "payback_on": ("Paid back on", "تاريخ استرداد التكلفة"),
    "discounted_payback_on": ("Paid back on, discounted", "تاريخ استرداد التكلفة بالقيمة المخصومة"),
    "return_on_cost": ("Return on cost", "العائد على التكلفة"),
    "probability_of_loss": (
        "Probability that net present value is below zero",
        "احتمال أن يقل صافي القيمة الحالية عن الصفر",
    ),
    # scenarios
    "base": ("Base", "الأساس"),
    "low": ("Low", "متحفظ"),
    "high": ("High", "متفائل"),
    # charts and their series
    "cash_flows": ("Cash flows", "التدفقات النقدية"),
    "cumulative": ("Cumulative cash flow", "التدفق النقدي التراكمي"),
    "cumulative_discounted": ("Cumulative cash flow, discounted", "التدفق النقدي التراكمي المخصوم"),
    "net": ("Net cash flow", "صافي التدفق النقدي"),
    "tornado": ("What moves net present value most", "أكثر ما يؤثر في صافي القيمة الحالية"),
    "npv_at_low": ("At the low end", "عند الحد الأدنى"),
    "npv_at_high": ("At the high end", "عند الحد الأعلى"),
    "npv_histogram": ("Net present value over the draws", "توزيع صافي القيمة الحالية في المحاكاة"),
    "draws": ("Draws", "عدد المحاولات"),
    # units and axes
    "share": ("fraction of one", "كسر من الواحد"),
    "share_per_month": ("fraction of one a month", "كسر من الواحد شهريًا"),
    "share_per_year": ("fraction of one a year", "كسر من الواحد سنويًا"),
    "count_per_year": ("a year", "سنويًا"),
    "hours_per_month": ("hours a month", "ساعة شهريًا"),
    "months": ("months", "شهر"),
    "money": ("money", "مبلغ"),
    "money_per_year": ("money a year", "مبلغ سنوي"),
    "money_per_hour": ("money an hour", "مبلغ للساعة"),
    "day": ("day", "اليوم"),
    "driver": ("driver", "العامل"),
    "count": ("number", "العدد"),
    # where a figure comes from, what a risk hits
    "evidence": ("Evidence", "دليل"),
    "term_sheet": ("Term sheet", "ورقة الشروط"),
    "assumption": ("Assumption", "افتراض"),
    "unknown": ("Unknown", "غير معروف"),
    "volume": ("Sales volume", "حجم المبيعات"),
    "triangular": ("Triangular distribution", "توزيع مثلثي"),
}

_REASONS: dict[Reason, tuple[str, str]] = {
    Reason.UNKNOWN_INPUTS: ("Unknown: {unknown}.", "غير معروف: {unknown}."),
    Reason.REVENUE_NOT_POSITIVE: ("There is no revenue to take a share of.", "لا يوجد إيراد تُحسب منه النسبة."),
    Reason.NO_COST: ("There is no cost to set the result against.", "لا توجد تكلفة تُقارن بها النتيجة."),
    Reason.NO_SIGN_CHANGE: (
        "Money only comes in or only goes out, so there is no rate of return.",
        "الأموال تدخل فقط أو تخرج فقط، فلا يوجد معدل عائد.",
    ),
    Reason.INFLOW_FIRST: (
        "Money comes in before any goes out: a rate would be a cost of borrowing, not a return.",
        "الأموال تدخل قبل أن يخرج منها شيء، فالمعدل هنا تكلفة اقتراض لا عائد.",
    ),
    Reason.NO_RATE: (
        "No rate between -99.99% and 100,000,000% a year makes the present value zero.",
        "لا يوجد معدل بين -99.99% و100,000,000% سنويًا يجعل القيمة الحالية صفرًا.",
    ),
    Reason.SEVERAL_RATES: (
        "Several rates make the present value zero, so none of them is the return.",
        "توجد عدة معدلات تجعل القيمة الحالية صفرًا، فلا يُعد أي منها هو العائد.",
    ),
    Reason.RATE_UNDECIDED: (
        "The present value comes so close to zero that the number of rates cannot be told.",
        "تقترب القيمة الحالية من الصفر إلى حد لا يمكن معه تحديد عدد المعدلات.",
    ),
    Reason.NOTHING_TO_PAY_BACK: (
        "The cumulative flow is never below zero, so there is nothing to pay back.",
        "لا ينخفض التدفق التراكمي عن الصفر، فلا يوجد ما يُسترد.",
    ),
    Reason.NOT_PAID_BACK: ("Not paid back within the plan.", "لا تُسترد التكلفة خلال مدة الخطة."),
    Reason.NOTHING_VARIES: (
        "No driver has an interval and no risk is uncertain.",
        "لا يوجد عامل له مدى ولا خطر غير مؤكد.",
    ),
    Reason.NOT_ASKED: ("No simulation was asked for.", "لم تُطلب محاكاة."),
}


def label_of(key: str) -> BilingualText:
    """The label of a driver, line, measure, unit, series, chart or of one of the engine's scenarios.

    Raises:
        KeyError: a key that no report of this engine holds.
    """
    english, arabic = _LABELS[key]
    return BilingualText(en=english, ar=arabic)


def reason_text(unavailable: Unavailable, risks: tuple[RoiRisk, ...] = ()) -> BilingualText:
    """Why a measure has no value, with the labels of what is unknown.

    Args:
        unavailable: The reason.
        risks: Those of the inputs, whose texts name an unknown risk; without them its key does.
    """
    texts = {f"risk.{item.risk}": item.text for item in risks}
    names = [
        texts.get(key) or (label_of(key) if key in _LABELS else BilingualText(en=key, ar=key))
        for key in unavailable.unknown
    ]
    english, arabic = _REASONS[unavailable.reason]
    return BilingualText(
        en=english.format(unknown=", ".join(name.en for name in names)),
        ar=arabic.format(unknown="، ".join(name.ar for name in names)),
    )
