{{ stage('custom', 'opportunity_history') }}
