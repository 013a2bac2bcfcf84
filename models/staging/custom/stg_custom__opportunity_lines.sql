{{ stage('custom', 'opportunity_lines') }}
