{{ stage('custom', 'opportunity_lines', versions=true) }}
