{{ stage('custom', 'leads') }}
