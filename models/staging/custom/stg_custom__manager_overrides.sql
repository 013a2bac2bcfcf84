{{ stage('custom', 'manager_overrides') }}
