{{ stage('custom', 'inventory') }}
