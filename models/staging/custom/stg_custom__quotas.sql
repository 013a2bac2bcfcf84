{{ stage('custom', 'quotas') }}
