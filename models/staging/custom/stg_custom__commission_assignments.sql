{{ stage('custom', 'commission_assignments') }}
