select
    rule,
    table_code,
    model_code,
    cells,
    cast(printed_low as double) as printed_low,
    cast(printed_high as double) as printed_high,
    cast(implied_low as double) as implied_low,
    cast(implied_high as double) as implied_high,
    verdict,
    explanation_zh,
    explanation_en
from {{ ref('audit_explained') }}
