{{ stage('custom', 'lead_events') }}
