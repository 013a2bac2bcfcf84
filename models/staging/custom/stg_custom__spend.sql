{{ stage('custom', 'spend') }}
