{{ stage('custom', 'commission_tiers') }}
