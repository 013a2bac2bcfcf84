{{ stage('custom', 'opportunities', versions=true) }}
