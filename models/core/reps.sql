with

users as (
    {{ one_per_entity('user', ['name', 'email', 'team', 'region', 'manager_id', 'role', 'hired_on', 'left_on']) }}
)

select
    user_id as owner_id,
    name as owner_name,
    email,
    team,
    region,
    manager_id,
    role,
    hired_on,
    left_on,
    file_id,
    row_number
from users
