{{ conform('users', 'salesforce') }}
