{{ stage('custom', 'activities') }}
