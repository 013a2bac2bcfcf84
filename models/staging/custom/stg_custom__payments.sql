{{ stage('custom', 'payments') }}
