{{ stage('custom', 'products') }}
