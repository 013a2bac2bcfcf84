{{ stage('custom', 'orders') }}
