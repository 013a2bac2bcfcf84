{{ stage('custom', 'commission_plans') }}
