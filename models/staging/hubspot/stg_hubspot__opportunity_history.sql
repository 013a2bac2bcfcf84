{{ conform('opportunity_history', 'hubspot', table='deal_stages', columns={
    'changed_at': 'entered_at',
    'field': "'stage'",
    'new_value': "replace(stage, ' (' || coalesce(pipeline, '') || ')', '')",
}) }}
