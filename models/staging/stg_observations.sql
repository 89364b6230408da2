{#-
The observed cells. A sum of doubles depends on the order of its terms, so rows stand in an order of their own, not in that of
the file; those of a large panel, read in place, stand as they are.
-#}
with

final as (
    {{ study_observations() }}
)

select * from final
{% if not env_var('NQP_OBSERVATIONS', '') %}order by series_code, entity_code, year{% endif %}
