-- Versions of leads in CRMs, which tell a lead's status and not when it changed; the template has events for that.
{{ union_sources('lead_versions', ['salesforce', 'hubspot', 'neocrm']) }}
