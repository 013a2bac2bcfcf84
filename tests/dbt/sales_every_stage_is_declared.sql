-- A stage that stages.csv does not have, by source and name.
{{ config(meta={'mend': 'add the stage to seeds/stages.csv, or to stages.csv in the folder of --rules'}) }}
select
    source,
    stage
from {{ ref('opportunity_stages') }}
where not is_declared
