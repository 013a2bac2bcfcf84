{{ stage('custom', 'commission_payments') }}
